import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import type { OptionSettings } from '../../options/option-table.ts';
import { normaliseFlags } from './flag-values.ts';
import { addOptionFlags, readOptionFlags } from './option-flags.ts';
import {
  addGlobalFlags,
  addRunFlags,
  addRuntimeFlags,
  type RuntimeFlags,
  readGlobalFlags,
  readRunFlags,
  readRuntimeFlags,
} from './runtime-flags.ts';

function parse(...words: string[]): Command {
  const command = new Command('run')
    .argument('[script]')
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  addGlobalFlags(addRunFlags(addRuntimeFlags(addOptionFlags(command))));
  return command.parse(normaliseFlags(words, command.options), { from: 'user' });
}

const options = (...words: string[]): OptionSettings => readOptionFlags(parse(...words, 'script.js'));
const runtime = (env: NodeJS.ProcessEnv, ...words: string[]): RuntimeFlags =>
  readRuntimeFlags(parse(...words), env, true);

test('only what was given is set', () => {
  assert.deepEqual(options(), {});
  assert.deepEqual(options('--no-setup', '-p', '--throw=false', '--no-teardown=true'), {
    noSetup: true,
    paused: true,
    noTeardown: true,
    throw: false,
  });
});

test('reads values in all their forms', () => {
  assert.deepEqual(options('-u', '2', '-d', '1m30s', '-i5', '--dns', 'ttl=1m,select=first', '--rps=3'), {
    vus: 2,
    duration: 90_000,
    iterations: 5,
    dns: { ttl: '1m', select: 'first', policy: null },
    rps: 3,
  });
  assert.deepEqual(options('-s', '1s:2', '--stage', '500ms:', '-s0s:0').stages, [
    { duration: 1000, target: 2 },
    { duration: 500, target: null },
    { duration: 0, target: 0 },
  ]);
  assert.throws(() => options('-s', '1s:2,:3'), /stage without a duration/);
  assert.deepEqual(options('-u=2', '-wp=false', '-i4'), { vus: 2, throw: true, paused: false, iterations: 4 });
  assert.deepEqual(options('--tag', 'a=b', '--tag', 'c=d=e', '--tag', 'a=z').tags, { a: 'z', c: 'd=e' });
  assert.deepEqual(options('--summary-trend-stats', 'avg,p(99.9)', '--system-tags', 'url,status'), {
    summaryTrendStats: ['avg', 'p(99.9)'],
    systemTags: ['url', 'status'],
  });
  assert.deepEqual(options('--blacklist-ip', '10.0.0.0/8', '--blacklist-ip', '::1').blacklistIPs, [
    '10.0.0.0/8',
    '::1',
  ]);
});

test('--http-debug needs no value and takes none from the next word', () => {
  const command = parse('--http-debug', 'script.js');
  assert.equal(readOptionFlags(command).httpDebug, 'headers');
  assert.deepEqual(command.args, ['script.js']);
  assert.equal(options('--http-debug=full').httpDebug, 'full');
});

test('bad values are refused with the name of the flag', () => {
  for (const words of [
    ['-i', 'two'],
    ['-d', 'soon'],
    ['-d', '10'],
    ['-d', '1d'],
    ['--tag', 'nothing'],
    ['--tag', '=x'],
    ['--tag', 'x='],
    ['--tag', ''],
    ['-e', '1st=x'],
    ['--stage', '10:1'],
    ['--execution-segment', '2:3'],
    ['--dns', 'x=y'],
    ['--summary-trend-stats', 'mean'],
    ['--summary-time-unit', 'h'],
    ['--local-ips', 'here'],
    ['--no-such-flag'],
    ['--throw=maybe'],
  ]) {
    assert.throws(() => parse(...words, 'script.js'), { name: /CommanderError|InvalidArgumentError/ }, words.join(' '));
  }
  assert.throws(
    () => parse('--duration', '10'),
    /'-d, --duration <duration>' argument '10' is invalid. "10" is not a duration: it has no unit/,
  );
});

test('runtime flags win over their variables', () => {
  const from = runtime({
    K6_SUMMARY_MODE: 'full',
    K6_NO_THRESHOLDS: 'true',
    K6_INCLUDE_SYSTEM_ENV_VARS: 'false',
    K6_SUMMARY_EXPORT: 'a.json',
  });
  assert.deepEqual(
    [from.summaryMode, from.noThresholds, from.includeSystemEnvVars, from.summaryExport],
    ['full', true, false, 'a.json'],
  );
  const flags = runtime(
    { K6_SUMMARY_MODE: 'full' },
    '--summary-mode',
    'disabled',
    '--include-system-env-vars=false',
    '-e',
    'A=1',
    '-e',
    'B',
    '--env',
    'A=2=3',
    '--no-thresholds',
  );
  assert.deepEqual(
    [flags.summaryMode, flags.includeSystemEnvVars, flags.env, flags.noThresholds],
    ['disabled', false, { A: '2=3', B: '' }, true],
  );
  assert.throws(() => runtime({}, '--summary-mode', 'legacy'), /invalid summary mode "legacy"/);
  assert.throws(() => runtime({ K6_TYPE: 'py' }), /invalid type/);
});

test('global and run flags', () => {
  const global = readGlobalFlags(parse('-q', '--secret-source', 'a', '--secret-source', 'b', '-a', ':1'), {});
  assert.deepEqual(
    [global.quiet, global.verbose, global.secretSources, global.address, global.addressFromFlag, global.color],
    [true, false, ['a', 'b'], ':1', true, true],
  );
  assert.equal(readGlobalFlags(parse(), { NO_COLOR: '' }).color, false);
  assert.throws(() => readGlobalFlags(parse(), { K6_SECRET_SOURCE: ' ' }), /empty/);
  assert.deepEqual(readRunFlags(parse('-o', 'json=a', '--out', 'csv'), { K6_OUT: 'x' }).out, ['json=a', 'csv']);
  assert.deepEqual(readRunFlags(parse(), { K6_OUT: 'x,y' }).out, ['x', 'y']);
});
