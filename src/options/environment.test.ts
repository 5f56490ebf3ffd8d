import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findVariable, variableNames } from './environment.ts';

test('a variable of k6 has a second name, which goes before it', () => {
  assert.deepEqual(variableNames('K6_VUS'), ['SIXFOLD_VUS', 'K6_VUS']);
  assert.deepEqual(variableNames('K6_K6_X'), ['SIXFOLD_K6_X', 'K6_K6_X']);
  for (const name of ['SIXFOLD_HISTORY', 'NO_COLOR', 'MY_K6_VUS', '']) assert.deepEqual(variableNames(name), [name]);
});

test('the first that is set counts, and one that is set to nothing is not set', () => {
  const cases: [env: Record<string, string | undefined>, found: [string, string] | null][] = [
    [{}, null],
    [{ K6_VUS: '1' }, ['K6_VUS', '1']],
    [{ SIXFOLD_VUS: '2' }, ['SIXFOLD_VUS', '2']],
    [{ K6_VUS: '1', SIXFOLD_VUS: '2' }, ['SIXFOLD_VUS', '2']],
    [{ K6_VUS: '1', SIXFOLD_VUS: '' }, ['K6_VUS', '1']],
    [{ K6_VUS: '', SIXFOLD_VUS: '' }, null],
    [{ K6_VUS: undefined }, null],
    [{ K6_VUS: ' ' }, ['K6_VUS', ' ']],
    [{ K6_VUS: '0' }, ['K6_VUS', '0']],
    [{ k6_vus: '1' }, null],
  ];
  for (const [env, found] of cases)
    assert.deepEqual(findVariable('K6_VUS', env), found && { name: found[0], text: found[1] }, JSON.stringify(env));
});
