import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { readOutputConfig } from './output-config.ts';

test('no config file, and one that says nothing, ask for no output', () => {
  for (const file of [undefined, {}, { out: null, collectors: null }])
    assert.deepEqual(readOutputConfig(file), { out: [], collectors: {} });
});

test('one output may stand without a list', () => {
  assert.deepEqual(readOutputConfig({ out: 'json=a' }).out, ['json=a']);
  assert.deepEqual(readOutputConfig({ out: ['json=a', 'csv'] }).out, ['json=a', 'csv']);
});

test('settings of no output are left out where they are null', () => {
  assert.deepEqual(readOutputConfig({ collectors: { csv: null, influxdb: { db: 'x' } } }).collectors, {
    influxdb: { db: 'x' },
  });
});

test('other types end with 104 and name the key; a setting is never repeated, it may be a password', () => {
  const refused = (file: Record<string, unknown>): ExitError => {
    try {
      readOutputConfig(file);
    } catch (error) {
      assert.ok(error instanceof ExitError);
      assert.equal(error.exitCode, EXIT.invalidConfig);
      return error;
    }
    throw new Error(`it was taken: ${JSON.stringify(file)}`);
  };
  assert.match(refused({ out: 7 }).message, /^out in the config file must be a list of outputs.*not 7/);
  assert.match(refused({ out: ['csv', 1] }).message, /^out in the config file/);
  assert.match(refused({ collectors: 'hunter2' }).message, /^collectors in the config file must be an object/);
  assert.doesNotMatch(refused({ collectors: 'hunter2' }).message, /hunter2/);
  assert.match(refused({ collectors: { csv: 'hunter2' } }).message, /^collectors\.csv in the config file/);
  assert.doesNotMatch(refused({ collectors: { csv: ['hunter2'] } }).message, /hunter2/);
});
