import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command } from 'commander';
import { FlagReader } from '../flags/flag-reader.ts';
import { normaliseFlags } from '../flags/flag-values.ts';
import { addClusterFlags, readClusterFlags } from './cluster-flags.ts';
import { expectNats } from './nats-flags.ts';

function reader(words: readonly string[], env: Record<string, string> = {}): FlagReader {
  const command = addClusterFlags(new Command('run').exitOverride().configureOutput({ writeErr: () => {} }));
  return new FlagReader(command.parse(normaliseFlags(words, command.options), { from: 'user' }), env);
}
const read = (line: string, env: Record<string, string> = {}) =>
  readClusterFlags(reader(line === '' ? [] : line.split(' '), env));
const NATS = '--nats nats://host:4222';
const refused = (line: string, message: RegExp, env: Record<string, string> = {}): void =>
  assert.throws(() => read(line, env), { name: 'ExitError', exitCode: 255, message }, line);

describe('load from agents', () => {
  test('is made here where no agents are asked for, whatever server there may be', () => {
    assert.equal(read(''), null);
    assert.equal(read('', { SIXFOLD_NATS: 'nats://host' }), null);
  });

  test('has what a run needs where only their number and the server are said', () => {
    assert.deepEqual(read(`--agents 3 ${NATS}`), {
      nats: { url: 'nats://host:4222', creds: null, ca: null, cert: null, key: null },
      agents: { count: 3, group: null, labels: {}, waitMs: 60_000 },
      sign: null,
      shares: 'equal',
      onLoss: 'continue',
      spares: 0,
      agentTimeoutMs: 15_000,
      goneMs: 360_000,
    });
  });

  test('follows each of its flags', () => {
    const line = `--agents 2 ${NATS} --nats-creds c --nats-ca a --nats-cert p --nats-key k --agent-group eu --agent-label a=b=c --agent-label x= --agents-wait 2m --agent-timeout 5s --nats-timeout 1h --sign s --on-agent-loss replace --spares 4`;
    const flags = read(line);
    assert.deepEqual(flags?.nats, { url: 'nats://host:4222', creds: 'c', ca: 'a', cert: 'p', key: 'k' });
    assert.deepEqual(flags.agents, { count: 2, group: 'eu', labels: { a: 'b=c', x: '' }, waitMs: 120_000 });
    assert.deepEqual(
      [flags.sign, flags.onLoss, flags.spares, flags.agentTimeoutMs, flags.goneMs],
      ['s', 'replace', 4, 5000, 3_600_000],
    );
  });

  test('takes the server from a variable', () => {
    assert.equal(read('--agents 1', { SIXFOLD_NATS: 'tls://host' })?.nats.url, 'tls://host');
  });

  test('keeps one agent spare where lost ones are to be replaced', () => {
    assert.equal(read(`--agents 1 ${NATS} --on-agent-loss replace`)?.spares, 1);
    refused(`--agents 1 ${NATS} --on-agent-loss replace --spares 0`, /needs an agent that is spare/);
    refused(`--agents 1 ${NATS} --spares 1`, /--spares needs --on-agent-loss replace/);
    assert.equal(read(`--agents 1 ${NATS} --spares 0`)?.spares, 0);
  });
});

describe('what makes no sense for agents is refused:', () => {
  test('one of server and number without the other', () => {
    refused(NATS, /--nats needs --agents/);
    refused('--agents 2', /--agents needs --nats \(or SIXFOLD_NATS\)/);
  });

  test('numbers of agents that are none', () => {
    for (const count of ['0', '-1', '1.5', '1001', 'many', 'NaN', '', ' ', '0x10', '1e2'])
      assert.throws(() => readClusterFlags(reader(['--agents', count, ...NATS.split(' ')])), {
        exitCode: 255,
        message: new RegExp(`--agents ${count}: it must be a whole number from 1 to 1000`),
      });
    for (const count of ['-1', '', 'x'])
      assert.throws(
        () =>
          readClusterFlags(
            reader(['--agents', '1', ...NATS.split(' '), '--on-agent-loss', 'replace', '--spares', count]),
          ),
        { exitCode: 255, message: /--spares .*whole number from 0 to 1000/ },
        JSON.stringify(count),
      );
  });

  test('labels without a name, times that are none, policies that there are not', () => {
    for (const label of ['x', '=x', ''])
      assert.throws(() => readClusterFlags(reader(['--agents', '1', ...NATS.split(' '), '--agent-label', label])), {
        exitCode: 255,
        message: /it has the form key=value/,
      });
    for (const flag of ['--agents-wait', '--agent-timeout', '--nats-timeout'])
      for (const [text, why] of [
        ['soon', '"soon" is not a duration'],
        ['-5s', 'a time to wait cannot be negative'],
        ['25d', '24 days are the longest'],
      ])
        refused(`--agents 1 ${NATS} ${flag}=${text}`, new RegExp(`^${flag} ${text}: ${why}`));
    refused(`--agents 1 ${NATS}`, /^SIXFOLD_AGENTS_WAIT soon: "soon" is not/, { SIXFOLD_AGENTS_WAIT: 'soon' });
    refused(`--agents 1 ${NATS} --on-agent-loss cry`, /invalid policy "cry": it is one of /);
    refused(`--agents 1 ${NATS} --agent-shares fair`, /invalid way to divide the load "fair": it is one of /);
  });

  test('a certificate without its key, and the other way round', () => {
    for (const half of ['--nats-cert c', '--nats-key k'])
      refused(`--agents 1 ${NATS} ${half}`, /--nats-cert and --nats-key go together/);
  });

  test('no server at all, for commands that need one', () => {
    assert.throws(() => expectNats(reader([])), {
      exitCode: 255,
      message: /say which NATS server: --nats nats:\/\/host:4222/,
    });
    assert.equal(expectNats(reader(NATS.split(' '))).url, 'nats://host:4222');
  });
});
