// Every environment variable of the program, by its name of k6 and by ours.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { ROOT } from '../../../scripts/root.ts';
import { variableNames } from '../../options/environment.ts';
import { OPTION_KEYS, OPTION_ROWS } from '../../options/option-table.ts';
import { findOptionVariable, readEnvSettings } from '../../options/read-settings.ts';
import { FlagReader } from './flag-reader.ts';
import { FLAGS, type FlagKey, OTHER_VARIABLES } from './flag-table.ts';
import { addOptionFlags } from './option-flags.ts';
import {
  addGlobalFlags,
  addRunFlags,
  addRuntimeFlags,
  readGlobalFlags,
  readRunFlags,
  readRuntimeFlags,
} from './runtime-flags.ts';

const command = addGlobalFlags(addRunFlags(addRuntimeFlags(addOptionFlags(new Command('run'))))).parse([], {
  from: 'user',
});

/** What can stand in variables that are neither texts of any kind nor truth values. */
const VALUES: Partial<Record<FlagKey, readonly [string, string]>> = {
  type: ['js', 'archive'],
  compatibilityMode: ['base', 'extended'],
  summaryMode: ['full', 'disabled'],
  logFormat: ['raw', 'json'],
  failOn: ['slower', 'failures'],
};
/** Read elsewhere, or without effect on what a run works with. */
const READ_ALONE = new Set<FlagKey>(['workers', 'envFile', 'noUsageReport']);
const taken = new Set(command.options.map(({ flags }) => flags));

const keys = (Object.keys(FLAGS) as FlagKey[]).filter((key) => FLAGS[key].variable !== null);

function readAll(env: Record<string, string>): unknown {
  return [readGlobalFlags(command, env), readRuntimeFlags(command, env, true), readRunFlags(command, env)];
}

test('every variable of a flag counts by both its names, and ours goes first', () => {
  for (const key of keys) {
    const { variable } = FLAGS[key];
    const names = variableNames(variable!);
    assert.deepEqual(
      names,
      variable!.startsWith('K6_') ? [variable!.replace('K6_', 'SIXFOLD_'), variable] : [variable],
    );
    const [ours = '', theirs] = names;
    if (theirs !== undefined) {
      const reader = new FlagReader(command, { [theirs]: 'theirs', [ours]: 'ours' });
      assert.deepEqual(reader.variable(key), { name: ours, text: 'ours' });
    }
    assert.equal(new FlagReader(command, { [ours]: '' }).variable(key), null, 'set to nothing says nothing');
  }
});

test('every variable of a flag changes what a run works with', () => {
  const untouched = JSON.stringify(readAll({}));
  for (const key of keys.filter((one) => taken.has(FLAGS[one].flag) && !READ_ALONE.has(one))) {
    const isSwitch = !/[<[]/.test(FLAGS[key].flag) || key === 'web';
    const byDefault = key === 'includeSystemEnvVars';
    const [value] = VALUES[key] ?? [isSwitch ? String(!byDefault) : 'some-value'];
    const results = variableNames(FLAGS[key].variable!).map((name) => JSON.stringify(readAll({ [name]: value })));
    assert.notEqual(results[0], untouched, `${key} changes nothing`);
    assert.equal(new Set(results).size, 1, `${key} differs by its name`);
  }
});

test('every variable of an option counts by both its names, and ours goes first', () => {
  for (const key of OPTION_KEYS) {
    const { env } = OPTION_ROWS[key];
    if (env === null) continue;
    const [ours = '', theirs = ''] = variableNames(env);
    assert.equal(findOptionVariable(key, { [ours]: 'a', [theirs]: 'b' })?.name, ours);
    assert.equal(findOptionVariable(key, { [theirs]: 'b' })?.name, theirs);
  }
  assert.throws(() => readEnvSettings({ SIXFOLD_VUS: 'x', K6_VUS: '1' }), /variable SIXFOLD_VUS cannot be used/);
});

test('nothing reads a variable past the place that knows both names', () => {
  const files = globSync('src/**/*.ts', { cwd: ROOT }).filter((file) => !file.endsWith('.test.ts'));
  for (const file of files)
    assert.doesNotMatch(readFileSync(path.join(ROOT, file), 'utf8'), /env(?:\.|\[')K6_/, `${file}: use findVariable()`);
});

test('no variable has two meanings', () => {
  const all = [
    ...keys.map((key) => FLAGS[key].variable!),
    ...OPTION_KEYS.flatMap((key) => OPTION_ROWS[key].env ?? []),
    ...Object.keys(OTHER_VARIABLES),
  ].flatMap(variableNames);
  assert.equal(new Set(all).size, all.length);
});
