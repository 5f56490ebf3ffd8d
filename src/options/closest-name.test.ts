import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSameKey, suggestName } from './closest-name.ts';

const NAMES = ['duration', 'iterations', 'vus', 'stages', 'scenarios', 'setupTimeout'];

test('a slip of the pen is found, up to a third of the letters', () => {
  const cases: [written: string, meant: string | null][] = [
    ['durations', 'duration'],
    ['duratoin', 'duration'],
    ['DURATION_', 'duration'],
    ['iteration', 'iterations'],
    ['itterations', 'iterations'],
    ['vu', null],
    ['vuss', 'vus'],
    ['stage', 'stages'],
    ['scenario', 'scenarios'],
    ['setuptimeout', 'setupTimeout'],
    ['setup_timeout', 'setupTimeout'],
    ['thresholds', null],
    ['', null],
    ['x', null],
    ['🍕🍕🍕', null],
  ];
  for (const [written, meant] of cases)
    assert.equal(suggestName(written, NAMES), meant === null ? '' : ` (did you mean "${meant}"?)`, written);
  assert.equal(suggestName('vus', []), '');
});

test('a text that is no name any more has none near it, at no cost', () => {
  const long = 'vus'.repeat(300_000);
  assert.equal(suggestName(long, [...NAMES, `${long}s`]), '');
});

test('of names that are equally near the first is meant', () => {
  assert.equal(suggestName('cat', ['bat', 'hat']), ' (did you mean "bat"?)');
  assert.equal(suggestName('hats', ['bats', 'hat']), ' (did you mean "bats"?)');
});

test('keys are the same whatever their case', () => {
  for (const [a, b, same] of [
    ['vus', 'VUs', true],
    ['vus', 'vus', true],
    ['', '', true],
    ['vus', 'vu', false],
    ['straße', 'STRASSE', false],
  ] as const)
    assert.equal(isSameKey(a, b), same, `${a} ${b}`);
});
