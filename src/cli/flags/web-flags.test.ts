import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command } from 'commander';
import { readDebuggerFlags } from './debugger-flags.ts';
import { addFlags, FlagReader } from './flag-reader.ts';
import type { FlagKey } from './flag-table.ts';
import { normaliseFlags } from './flag-values.ts';
import { parseFailOn } from './history-flags.ts';
import { readWebFlags } from './web-flags.ts';

function reader(keys: readonly FlagKey[], words: readonly string[], env: Record<string, string> = {}): FlagReader {
  const command = addFlags(new Command('run').argument('[script]').exitOverride(), ...keys);
  command.configureOutput({ writeErr: () => {} });
  command.parse(normaliseFlags(words, command.options), { from: 'user' });
  return new FlagReader(command, env);
}

describe('where the live page is', () => {
  const web = (words: readonly string[], env: Record<string, string> = {}) =>
    readWebFlags(reader(['web'], words, env), env);
  const at = (host: string, port: number, opensBrowser = false) => ({ address: { host, port }, opensBrowser });

  test('is nowhere unless somebody asks for it', () => {
    assert.equal(web([]), null);
    assert.equal(web([], { K6_WEB_DASHBOARD: 'false' }), null);
    assert.equal(web([], { K6_WEB_DASHBOARD_PORT: '1234' }), null);
  });

  test('is the port of k6’s dashboard on this machine alone, unless the flag says otherwise', () => {
    assert.deepEqual(web(['--web']), at('127.0.0.1', 5665));
    assert.deepEqual(web(['--web=0.0.0.0:80']), at('0.0.0.0', 80));
    assert.deepEqual(web(['--web=:0']), at('', 0));
    assert.deepEqual(web(['--web=[::1]:99']), at('::1', 99));
    assert.deepEqual(web(['--web=example']), at('example', 5665));
  });

  test('follows the variables of k6’s dashboard, which a flag with an address goes before', () => {
    const env = { K6_WEB_DASHBOARD: 'true', K6_WEB_DASHBOARD_HOST: '::', K6_WEB_DASHBOARD_PORT: '0' };
    assert.deepEqual(web([], env), at('::', 0));
    assert.deepEqual(web(['--web'], env), at('::', 0));
    assert.deepEqual(web(['--web=127.0.0.1:1'], { ...env, K6_WEB_DASHBOARD_OPEN: '1' }), at('127.0.0.1', 1, true));
    assert.equal(web([], { ...env, K6_WEB_DASHBOARD_PORT: '-1' }), null);
  });

  test('is refused where it cannot be, with the name of what says so', () => {
    for (const port of ['65536', '-2', '1.5', 'http', '80 80', '0x10', '1e3'])
      assert.throws(() => web(['--web'], { K6_WEB_DASHBOARD_PORT: port }), {
        exitCode: 255,
        message: new RegExp(`K6_WEB_DASHBOARD_PORT: "${port}" is no port`),
      });
    assert.throws(() => web([], { K6_WEB_DASHBOARD: 'perhaps' }), {
      exitCode: 255,
      message: /K6_WEB_DASHBOARD cannot be used/,
    });
    assert.throws(() => web(['--web'], { K6_WEB_DASHBOARD_OPEN: 'x' }), /K6_WEB_DASHBOARD_OPEN cannot be used/);
    for (const address of ['a:b', 'http://a', '1:2:3', 'a:65536'])
      assert.throws(() => web([`--web=${address}`]), { exitCode: 255 });
  });
});

describe('where a debugger attaches', () => {
  const inspect = (...words: string[]) => readDebuggerFlags(reader(['inspect', 'inspectBrk'], words));

  test('is nowhere unless a flag asks for it, then the port that Node has for it', () => {
    assert.equal(inspect('a.js'), null);
    assert.deepEqual(inspect('--inspect'), { host: '127.0.0.1', port: 9229, breaksAtStart: false });
    assert.deepEqual(inspect('--inspect-brk'), { host: '127.0.0.1', port: 9229, breaksAtStart: true });
  });

  test('is a port, a host or both, as with Node', () => {
    for (const [text, host, port] of [
      ['0', '127.0.0.1', 0],
      [':8080', '127.0.0.1', 8080],
      ['localhost:8080', 'localhost', 8080],
      ['[::1]:8080', '::1', 8080],
      ['0.0.0.0', '0.0.0.0', 9229],
      ['[::1]', '::1', 9229],
    ] as const)
      assert.deepEqual(inspect(`--inspect=${text}`), { host, port, breaksAtStart: false }, text);
  });

  test('stops at the start where both are asked for', () => {
    assert.deepEqual(inspect('--inspect=1', '--inspect-brk=2'), { host: '127.0.0.1', port: 2, breaksAtStart: true });
  });

  test('is refused where it is no address', () => {
    for (const text of ['65536', 'a:b', '::1', 'http://a:1', 'a b:1', 'a/b'])
      assert.throws(
        () => inspect(`--inspect=${text}`),
        { exitCode: 255, message: /is no address: use PORT or HOST:PORT/ },
        text,
      );
  });
});

test('what a comparison is to fail on is a list of known names, in any order and number', () => {
  assert.deepEqual(parseFailOn(''), []);
  assert.deepEqual(parseFailOn('slower'), ['slower']);
  assert.deepEqual(parseFailOn('failures, slower'), ['failures', 'slower']);
  assert.throws(() => parseFailOn('slower,faster'), {
    exitCode: 255,
    message: '--fail-on "faster": it is slower or failures',
  });
});
