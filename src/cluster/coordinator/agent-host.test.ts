import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_COUNTS } from '../../execution/summed-counts.ts';
import type { LoadEvent } from '../../execution/worker-protocol.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { encodeReport } from '../../metrics/reports/report-codec.ts';
import { TrendSink } from '../../metrics/sinks/trend-sink.ts';
import { type AgentEvents, type FromAgent, PROTOCOL_VERSION, type SampleFile, type ToAgent } from '../messages.ts';
import { AgentHost, type HostServices } from './agent-host.ts';

/** An agent whose orders are written down, and what the run hears of it. */
function host(files: readonly SampleFile[] = []) {
  const told: ToAgent[] = [];
  const events: LoadEvent[] = [];
  const log = { gone: 0, packed: 0 };
  const pieces: string[] = [];
  const services: HostServices = {
    tell: (message) => void told.push(message),
    reader: null,
    pack: async () => void log.packed++,
    targets: null,
    digest: 'd1',
    compile: { instrument: [], perVu: [], isBase: false, files },
    divide: (step) => step,
    onCounts: () => {},
    onFile: (_index, octets) => void pieces.push(octets.toString()),
    onLost: () => {},
    onGone: () => void log.gone++,
    aheadMs: 0,
  };
  const agent = new AgentHost('eu-1', services, (event) => void events.push(event), 60_000);
  const say = (...items: FromAgent[]): void => {
    const message: AgentEvents = { v: PROTOCOL_VERSION, counts: { ...NO_COUNTS, iterationsCompleted: 7 }, items };
    agent.hearEvents(message);
  };
  return { agent, told, events, log, say, pieces };
}

/** @param value of the only sample of a request's duration */
function report(value: number): Uint8Array {
  const trend = new TrendSink();
  trend.add(value);
  return encodeReport({
    series: [{ id: 0, metric: { name: 'http_req_duration', type: 'trend', contains: 'time' }, tags: [] }],
    deltas: [
      {
        id: 0,
        delta: { type: 'trend', ...trend.state() },
      },
    ],
    notes: [],
    timeMs: 1000,
  });
}

test('the script is packed before the agent is asked to load it, with the digest of the archive', async () => {
  const { agent, told, log, say } = host();
  const loaded = agent.ask({ type: 'load', program: {} as never });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(log.packed, 1);
  const [order] = told as [Extract<ToAgent, { type: 'load' }>];
  assert.equal(order.type, 'load');
  assert.equal(order.digest, 'd1');
  assert.ok(!('program' in order), 'the program does not travel');
  const exports = { options: {}, optionsType: 'object', functions: [], others: {}, metrics: [], opened: [] };
  say({ type: 'loaded', exports, step: order.step });
  assert.deepEqual((await loaded)?.type, 'loaded');
});

test('an answer that is there before its question waits for it, as where a run is taken over', async () => {
  const { agent, told, events, say } = host();
  say({ type: 'setup-done', setupData: '1', step: 1 });
  agent.hearReport(report(5));
  assert.deepEqual(events, [], 'what comes behind it waits as well');
  const reply = await agent.ask({ type: 'setup' });
  assert.deepEqual(reply, { type: 'setup-done', setupData: '1' });
  assert.equal(told.length, 1);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['report'],
  );
});

test('what the script throws on an agent has the name of the agent', async () => {
  const { agent, say } = host();
  const reply = agent.ask({ type: 'setup' });
  say({ type: 'failed', failure: { text: 'Error: no' }, step: 1 });
  assert.deepEqual(await reply, { type: 'failed', failure: { text: 'eu-1: Error: no' } });
});

test('an agent that is lost fails what it was asked for, and what it said before stands', async () => {
  const { agent, say } = host();
  const reply = agent.ask({ type: 'setup' });
  say({ type: 'abort', message: 'x' });
  agent.lose(new ExitError(EXIT.internalError, 'the agent eu-1 was lost: its process is gone'));
  await assert.rejects(reply, /its process is gone/);
  assert.equal(agent.alive, false);
  assert.equal(agent.state.isLost, true);
  assert.equal(agent.state.counts?.iterationsCompleted, 7);
});

test('load that breaks on an agent is that agent lost, and named', async () => {
  const { agent, say } = host();
  const reply = agent.ask({ type: 'setup' });
  say({ type: 'broken', exitCode: EXIT.internalError, text: 'out of memory' });
  await assert.rejects(reply, /eu-1: out of memory/);
  assert.equal(agent.alive, false);
});

test('files of samples are waited for as long as pieces of them come, and an agent that says nothing is not', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { agent, say, pieces } = host(['json']);
  let hasEnded = false;
  const ended = agent.exit().then(() => {
    hasEnded = true;
  });
  for (const octets of ['b25l', 'dHdv', 'dGhyZWU=']) {
    t.mock.timers.tick(14_000);
    say({ type: 'file', index: 0, octets, isLast: false });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(hasEnded, false, octets);
  }
  assert.deepEqual(pieces, ['one', 'two', 'three']);
  say({ type: 'ended' });
  await ended;
  const silent = host(['json']).agent.exit();
  t.mock.timers.tick(15_000);
  await silent;
  const plain = host().agent.exit();
  t.mock.timers.tick(1000);
  await plain;
});

test('latency is known per agent, of requests alone', () => {
  const { agent } = host();
  assert.equal(agent.state.p95Ms, null);
  for (const value of [10, 20, 30]) agent.hearReport(report(value));
  const { p95Ms } = agent.state;
  assert.ok(p95Ms !== null && p95Ms > 28 && p95Ms <= 30, String(p95Ms));
});
