import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { until } from '../../../test/end-to-end/until.ts';
import { type NatsServer, NO_NATS, spawnNats } from '../../../test/servers/spawn-nats.ts';
import { MOST_OCTETS, PartReader } from '../parts.ts';
import { Outbox } from './outbox.ts';

const options = { skip: NO_NATS };
let server: NatsServer;
let connection: NatsConnection;
let manager: JetStreamManager;

before(async () => {
  if (NO_NATS) return;
  server = await spawnNats();
  connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  manager = await jetstreamManager(connection);
});
after(async () => {
  await connection?.close();
  await server?.stop();
});

/** A stream of its own. @returns its subject */
async function stream(name: string, most = -1): Promise<string> {
  await manager.streams.add({ name, subjects: [`${name}.>`], max_bytes: most, discard: 'new' });
  return `${name}.x`;
}

/** All that a stream holds, put together. */
async function readAll(name: string): Promise<Uint8Array[]> {
  const reader = new PartReader();
  const { state } = await manager.streams.info(name);
  const all: Uint8Array[] = [];
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(name, { seq });
    const whole = message === null ? null : reader.take(message.header, message.data);
    if (whole !== null) all.push(whole);
  }
  return all;
}

test('messages arrive in their order, large ones in parts', options, async () => {
  const subject = await stream('ORDER');
  const outbox = new Outbox(jetstream(connection), 'a');
  const sizes = [3, 2 * MOST_OCTETS + 7, 0, 100];
  for (const [index, size] of sizes.entries()) outbox.put(subject, Buffer.alloc(size, index));
  assert.ok(outbox.backlog > 0);
  await outbox.drain();
  assert.equal(outbox.backlog, 0);
  assert.equal(outbox.problem, null);
  const all = await readAll('ORDER');
  assert.deepEqual(
    all.map(({ length }) => length),
    sizes,
  );
  assert.deepEqual(
    all.map(([first]) => first),
    [0, 1, undefined, 3],
  );
  // Nothing waits: it is there at once.
  await outbox.drain();
});

test('a server that refuses is named, and what waits arrives once it has room', options, async () => {
  const subject = await stream('SMALL', 2000);
  const outbox = new Outbox(jetstream(connection), 'a');
  for (let count = 0; count < 4; count++) outbox.put(subject, Buffer.alloc(700, count));
  await until(() => outbox.problem !== null, 'a refusal');
  assert.match(outbox.problem!, /NATS refuses it: maximum bytes exceeded/);
  assert.ok(outbox.backlog >= 1);
  const { config } = await manager.streams.info('SMALL');
  await manager.streams.update('SMALL', { ...config, max_bytes: 100_000 });
  await outbox.drain();
  assert.equal(outbox.problem, null);
  assert.deepEqual(
    (await readAll('SMALL')).map(([first]) => first),
    [0, 1, 2, 3],
  );
});

test('what is offered is given up where there is no room, and keeps nothing behind it waiting', options, async () => {
  const subject = await stream('OFFERED', 2 * MOST_OCTETS);
  const outbox = new Outbox(jetstream(connection), 'a');
  assert.equal(await outbox.offer(subject, Buffer.alloc(1000, 1)), true);
  const offered = outbox.offer(subject, Buffer.alloc(3 * MOST_OCTETS, 2));
  outbox.put(subject, Buffer.alloc(1000, 3));
  assert.equal(await offered, false);
  await outbox.drain();
  assert.equal(outbox.backlog, 0);
  const { state } = await manager.streams.info('OFFERED');
  const last = await manager.streams.getMessage('OFFERED', { seq: state.last_seq });
  assert.equal(last!.data[0], 3);
  const closed = outbox.offer('nowhere.at.all', Buffer.from([4]));
  outbox.close();
  assert.equal(await closed, false);
  assert.equal(await outbox.offer(subject, Buffer.from([5])), false);
});

test('what is put while the server is gone arrives when it is back, each once', options, async () => {
  const subject = await stream('GONE');
  const outbox = new Outbox(jetstream(connection), 'a');
  outbox.put(subject, Buffer.from([0]));
  await outbox.drain();
  await server.kill();
  for (let count = 1; count <= 5; count++) outbox.put(subject, Buffer.from([count]));
  await until(() => outbox.problem !== null, 'that the server is missed');
  await server.restart();
  await outbox.drain();
  assert.deepEqual(
    (await readAll('GONE')).map(([first]) => first),
    [0, 1, 2, 3, 4, 5],
  );
});

test(
  'what waits for a server that is gone is given up after a while where nobody may be there to have it',
  options,
  async () => {
    const subject = await stream('GIVEN_UP');
    const outbox = new Outbox(jetstream(connection), 'a');
    outbox.giveUpAfter(1000);
    outbox.put(subject, Buffer.from([0]));
    await outbox.drain();
    assert.equal(outbox.backlog, 0);
    await server.kill();
    outbox.put(subject, Buffer.from([1]));
    const offered = outbox.offer(subject, Buffer.from([2]));
    await outbox.drain();
    assert.equal(outbox.backlog, 2);
    assert.equal(await offered, false);
    await server.restart();
    await until(async () => (await readAll('GIVEN_UP').catch(() => [])).length === 1, 'the server');
  },
);

test('an outbox that is closed gives up what waits, and keeps nobody waiting', options, async () => {
  const outbox = new Outbox(jetstream(connection), 'a');
  // No stream takes it.
  outbox.put('nowhere.at.all', Buffer.from([1]));
  const drained = outbox.drain();
  outbox.close();
  await drained;
  await outbox.drain();
});
