import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { until } from '../../../test/end-to-end/until.ts';
import { type NatsServer, NO_NATS, spawnNats } from '../../../test/servers/spawn-nats.ts';
import type { ExitError } from '../../exit/exit-error.ts';
import { Envelope } from '../envelope.ts';
import { type Decision, PROTOCOL_VERSION, type Recorded } from '../messages.ts';
import { createSigningKey, isDecisionSigned, Signer } from '../signing.ts';
import { runSubjects, streamOf } from '../subjects.ts';
import { RunStream } from './run-stream.ts';

const options = { skip: NO_NATS };
const envelope = Envelope.create();
let server: NatsServer;
let connection: NatsConnection;

before(async () => {
  if (NO_NATS) return;
  // Each run takes a gigabyte of it.
  server = await spawnNats([], '16GB');
  connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
});
after(async () => {
  await connection?.close();
  await server?.stop();
});

const lost = (agent: number): Decision => ({ type: 'lost', agent, reason: 'x' });

test('decisions are recorded in order, then told, and are there for who has missed some', options, async () => {
  const stream = new RunStream(connection, 'one', envelope, null);
  await stream.create();
  const told: Recorded[] = [];
  connection.subscribe(runSubjects('one').told, {
    callback: (_, { data }) => void told.push(envelope.openJson<Recorded>(data)),
  });
  // Not one after the other: they are recorded so all the same.
  await Promise.all([0, 1, 2].map((agent) => stream.record(lost(agent))));
  assert.deepEqual(
    stream.after(0).map(({ decision }) => decision),
    [lost(0), lost(1), lost(2)],
  );
  assert.deepEqual(
    stream.after(0).map(({ place }) => place),
    [1, 2, 3],
  );
  assert.equal(stream.after(stream.last).length, 0);
  assert.equal(stream.after(0, 2).length, 2);
  await until(() => told.length === 3, 'what was told');
  assert.deepEqual(told, stream.after(0));
  await stream.close();
});

test('somebody else reads what was decided, and from then on the first one may decide nothing', options, async () => {
  const first = new RunStream(connection, 'two', envelope, null);
  await first.create();
  await first.record(lost(0));
  const second = new RunStream(connection, 'two', envelope, null);
  assert.deepEqual(
    (await second.readDecisions()).map(({ decision }) => decision),
    [lost(0)],
  );
  await second.record({ type: 'lead', term: 2 });
  const failures: Error[] = [];
  first.onFailure((error) => void failures.push(error));
  assert.equal(first.isReplaced, false);
  await first.record(lost(1));
  assert.equal(first.isReplaced, true);
  assert.match(failures[0]!.message, /somebody else leads the run two now/);
  // What it decides after that gets nowhere, and keeps it from nothing.
  await first.record(lost(2));
  assert.equal(failures.length, 1);
  assert.deepEqual(
    second.after(0).map(({ decision }) => decision),
    [lost(0), { type: 'lead', term: 2 }],
  );
  await Promise.all([first.close(), second.close()]);
});

test(
  'the time of a run stays that of who began it, whatever the clocks of those that take it over say',
  options,
  async () => {
    const first = new RunStream(connection, 'clocks', envelope, null);
    await first.create();
    // As if it had been an hour later there.
    const hourMs = 3_600_000;
    const atMs = performance.timeOrigin + performance.now() + hourMs;
    const recorded: Recorded = { v: PROTOCOL_VERSION, place: 1, decision: { type: 'lead', term: 1 }, atMs };
    await jetstream(connection).publish(runSubjects('clocks').commands, envelope.sealJson(recorded));
    for (const term of [2, 3]) {
      const next = new RunStream(connection, 'clocks', envelope, null);
      await next.readDecisions();
      await next.takeLead(term);
      // Messages take their time on a busy machine.
      assert.ok(Math.abs(next.aheadMs - hourMs) < 2000, `${next.aheadMs}`);
      await next.record(lost(term));
      const last = next.after(next.last - 1)[0]!;
      assert.deepEqual(last.decision, lost(term));
      assert.ok(last.atMs! > atMs);
      await next.close();
    }
  },
);

test('a run that is not there cannot be read, and one without decisions has none', options, async () => {
  await assert.rejects(
    new RunStream(connection, 'absent', envelope, null).readDecisions(),
    /the run absent cannot be read/,
  );
  const stream = new RunStream(connection, 'empty', envelope, null);
  await stream.create();
  assert.deepEqual(await new RunStream(connection, 'empty', envelope, null).readDecisions(), []);
  assert.equal(stream.last, 0);
});

test('with another key nothing can be read', options, async () => {
  const stream = new RunStream(connection, 'sealed', envelope, null);
  await stream.create();
  await stream.record(lost(0));
  await assert.rejects(new RunStream(connection, 'sealed', Envelope.create(), null).readDecisions(), /cannot be read/);
});

test('decisions of a run that is signed are signed, each for its place', options, async () => {
  const { file } = createSigningKey();
  const signer = new Signer(file.trim());
  const stream = new RunStream(connection, 'signed', envelope, signer);
  await stream.create();
  await stream.record(lost(0));
  await stream.record(lost(1));
  const recorded = stream.after(0);
  assert.ok(recorded.every((one) => isDecisionSigned(signer.publicKey, 'signed', one)));
  assert.ok(!isDecisionSigned(signer.publicKey, 'signed', { ...recorded[0]!, place: 2 }));
});

test(
  'who takes a signed run over passes over what stands where it was not decided, and what another has signed',
  options,
  async () => {
    const [signer, other] = [createSigningKey(), createSigningKey()].map(({ file }) => new Signer(file.trim()));
    const stream = new RunStream(connection, 'replayed', envelope, signer!);
    await stream.create();
    await stream.record(lost(0));
    await stream.record(lost(1));
    const { commands } = runSubjects('replayed');
    const [first] = stream.after(0);
    const forged = { ...first!, place: 3, signature: other!.signDecision('replayed', 3, first!.decision) };
    // Said again, said again as the next one, and said by somebody else.
    for (const recorded of [first!, { ...first!, place: 3 }, forged])
      await jetstream(connection).publish(commands, envelope.sealJson(recorded));
    const taken = new RunStream(connection, 'replayed', envelope, signer!);
    assert.deepEqual(await taken.readDecisions(), stream.after(0));
    await taken.record(lost(2));
    assert.deepEqual(
      taken.after(0).map(({ place, decision }) => [place, decision]),
      [0, 1, 2].map((agent) => [agent + 1, lost(agent)]),
    );
    await assert.rejects(
      new RunStream(connection, 'replayed', envelope, other!).readDecisions(),
      /signed by another key/,
    );
    await Promise.all([stream.close(), taken.close()]);
  },
);

test('a server that takes nothing any more is not waited for for ever', options, async () => {
  const gone = await spawnNats();
  const there = await connect({ servers: gone.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  try {
    const stream = new RunStream(there, 'gone', envelope, null, { goneMs: 1000 });
    await stream.create();
    await stream.record(lost(0));
    const failures: ExitError[] = [];
    stream.onFailure((error) => void failures.push(error));
    await gone.kill();
    await stream.record(lost(1));
    assert.equal(stream.hasFailed, true);
    assert.equal(failures.length, 1);
    assert.equal(failures[0]!.exitCode, 255);
    assert.match(
      failures[0]!.message,
      /NATS has taken nothing for 1 s .*what was measured until it went stands.*cluster attach gone/,
    );
    // Nothing that comes later waits.
    await stream.record({ type: 'over' });
    stream.giveUp('once more');
    assert.equal(failures.length, 1);
    await stream.close();
  } finally {
    await there.close();
    await gone.stop();
  }
});

test('the whole stream is read from its beginning, and read on after the server was gone', options, async () => {
  const stream = new RunStream(connection, 'read', envelope, null);
  await stream.create();
  const { events } = runSubjects('read');
  const js = jetstream(connection);
  await js.publish(events('a'), '1');
  const seen: string[] = [];
  const reader = (message: { string(): string }): void => void seen.push(message.string());
  await stream.follow(reader);
  await js.publish(events('b'), '2');
  await until(() => seen.length === 2, 'what is in the stream');
  await server.kill();
  await server.restart();
  await stream.resume(reader);
  await until(async () => (await js.publish(events('a'), '3').catch(() => null)) !== null, 'the server');
  await until(() => seen.includes('3'), 'what came after it');
  assert.deepEqual(seen.slice(0, 3), ['1', '2', '3']);
  await stream.close();
});

test(
  'a stream that is full is waited for, then the run is given up, and its end is told all the same',
  options,
  async () => {
    const stream = new RunStream(connection, 'full', envelope, null, { roomMs: 1500 });
    await stream.create();
    await stream.record(lost(0));
    const told: Decision[] = [];
    connection.subscribe(runSubjects('full').told, {
      callback: (_, { data }) => void told.push(envelope.openJson<Recorded>(data).decision),
    });
    const failures: string[] = [];
    stream.onFailure(({ message }) => void failures.push(message));
    const manager = await jetstreamManager(connection);
    const { config, state } = await manager.streams.info(streamOf('full'));
    await manager.streams.update(streamOf('full'), { ...config, max_bytes: state.bytes + 1 });
    const recording = stream.record(lost(1));
    await manager.streams.update(streamOf('full'), config);
    await recording;
    assert.deepEqual(failures, []);
    const filled = await manager.streams.info(streamOf('full'));
    await manager.streams.update(streamOf('full'), { ...config, max_bytes: filled.state.bytes + 1 });
    await stream.record(lost(2));
    assert.equal(failures.length, 1);
    assert.match(failures[0]!, /NATS has no room for the run full any more \(maximum bytes exceeded\)/);
    assert.equal(stream.isReplaced, false);
    await stream.record({ type: 'over' });
    await until(() => told.length === 2, 'the end of the run');
    assert.deepEqual(told, [lost(1), { type: 'over' }]);
    await stream.close();
  },
);

test('a server without JetStream, or without room, is named before anything begins', options, async () => {
  const small = await spawnNats([], '10MB');
  const there = await connect({ servers: small.url });
  try {
    await assert.rejects(
      new RunStream(there, 'big', envelope, null).create(),
      /NATS cannot hold the run: .*It needs JetStream \(nats-server -js\) with 1024 MB for each run/,
    );
  } finally {
    await there.close();
    await small.stop();
  }
});
