// What scripts give to a client of MQTT, read and refused: topics by MQTT 3.1.1, sections 4.7 and 3.1.2.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Realm } from '../../script/realm-interface.ts';
import { readClientOptions, readConnectOptions, readEnd, readPublish, readTopics } from './client-options.ts';

/** Calls functions as a realm does; these are this realm's own. */
const realm = {
  apply: (run: (...args: unknown[]) => unknown, self: unknown, args: unknown[]) => run.apply(self, args),
} as Partial<Realm> as Realm;
const readClient = (given: unknown) => readClientOptions(realm, given);

test('a client that says nothing has no name, no will and no password', () => {
  for (const nothing of [undefined, null, {}]) {
    const { clientId, will, tags, credentials } = readClient(nothing);
    assert.deepEqual([clientId, will, tags], ['', null, undefined]);
    assert.deepEqual(credentials(), { username: null, password: null });
  }
});

test('name and password are fixed, or asked for anew each time', () => {
  const fixed = readClient({ username: 'ann', password: 'p', client_id: 'c' });
  assert.deepEqual([fixed.clientId, fixed.credentials()], ['c', { username: 'ann', password: 'p' }]);
  let asked = 0;
  const provider = () => ({ username: `ann ${++asked}`, password: null });
  const { credentials } = readClient({ username: 'other', credentials_provider: provider });
  assert.equal(asked, 0, 'not before there is a connection');
  assert.deepEqual(
    [credentials(), credentials()].map(({ username }) => username),
    ['ann 1', 'ann 2'],
  );
  for (const [returned, message] of [
    ['text', 'credentials_provider must return { username, password }, which must be an object, not string'],
    [{ username: 5 }, 'username must be text, not number'],
  ] as const)
    assert.throws(readClient({ credentials_provider: () => returned }).credentials, { name: 'TypeError', message });
});

test('a will is a message that waits: its topic is no filter, its payload may be left out', () => {
  const { will } = readClient({ will: { topic: 'a/b', payload: new Uint8Array([0, 255]), qos: 2, retain: true } });
  assert.deepEqual([will?.topic, [...(will?.payload ?? [])], will?.qos, will?.retain], ['a/b', [0, 255], 2, true]);
  const bare = readClient({ will: { topic: 'a' } }).will;
  assert.deepEqual([bare?.payload.length, bare?.qos, bare?.retain], [0, 0, false]);
  for (const [given, message] of [
    [{}, 'will: publish() takes a topic as text'],
    [{ topic: 'a/#' }, 'will: publish() takes a topic without + and #, not "a/#"'],
    [{ topic: 'a', payload: 5 }, 'will takes the payload as text or an ArrayBuffer, not number'],
    [{ topic: 'a', qos: 3 }, 'qos is 0, 1 or 2, not 3'],
    [5, 'will must be an object, not number'],
  ] as const)
    assert.throws(() => readClient({ will: given }), { name: 'TypeError', message });
});

test('a connection goes to one broker, or to one after another', () => {
  const hosts = (url: unknown, options?: unknown) =>
    readConnectOptions(url, options).brokers.map(({ host, port }) => `${host}:${port}`);
  assert.deepEqual(hosts('mqtt://a.example'), ['a.example:1883']);
  assert.deepEqual(hosts('mqtt://a.example:1', { servers: ['mqtts://b.example', 'mqtt://c.example:2'] }), [
    'a.example:1',
    'b.example:8883',
    'c.example:2',
  ]);
  for (const nothing of [undefined, null, '']) {
    assert.deepEqual(hosts(nothing, { servers: ['mqtt://b.example'] }), ['b.example:1883']);
    assert.throws(() => hosts(nothing, { servers: [] }), { message: /takes the URL of a broker/ });
  }
  assert.throws(() => hosts(5), { message: 'connect() takes URLs as text, not number' });
  assert.throws(() => hosts('mqtt://a', { servers: 'mqtt://b' }), { message: 'servers must be a list of URLs' });
  assert.throws(() => hosts('mqtt://a', { servers: ['mqtt://b', 5] }), {
    message: 'connect() takes URLs as text, not number',
  });
});

test('how long a connection may take and how it is kept are numbers within what the protocol has', () => {
  const { keepaliveMs, timeoutMs, cleanSession } = readConnectOptions('mqtt://a', undefined);
  assert.deepEqual([keepaliveMs, timeoutMs, cleanSession], [60_000, 30_000, true]);
  const given = { keepalive: 65_535, connect_timeout: 5, clean_session: false };
  const { keepaliveMs: longest, timeoutMs: short, cleanSession: kept } = readConnectOptions('mqtt://a', given);
  assert.deepEqual([longest, short, kept], [65_535_000, 5, false]);
  assert.equal(readConnectOptions('mqtt://a', { keepalive: 0 }).keepaliveMs, 0, '0 switches it off');
  for (const [options, message] of [
    [{ keepalive: 65_536 }, 'keepalive must be a number from 0 to 65535, not 65536'],
    [{ keepalive: -1 }, 'keepalive must be a number from 0 to 65535, not -1'],
    [{ keepalive: Number.NaN }, 'keepalive must be a number from 0 to 65535, not NaN'],
    [{ keepalive: '60' }, 'keepalive must be a number from 0 to 65535, not string'],
    [{ connect_timeout: 2 ** 31 }, 'connect_timeout must be a number from 0 to 2147483647, not 2147483648'],
    [{ clean_session: 1 }, 'clean_session must be true or false, not number'],
    ['text', 'connect() takes options must be an object, not string'],
  ] as const)
    assert.throws(() => readConnectOptions('mqtt://a', options), { name: 'TypeError', message });
});

test('what is published is text or octets, which the script may change afterwards', () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const { payload, topic, qos, retain, tags } = readPublish('a/b', bytes.subarray(1), { qos: 1, tags: { a: 'b' } });
  bytes.fill(9);
  assert.deepEqual([topic, [...payload], qos, retain, tags], ['a/b', [2, 3], 1, false, { a: 'b' }]);
  assert.equal(readPublish('ü/ ', 'ü', null).payload.toString(), 'ü');
  assert.equal(readPublish('a', '', {}).payload.length, 0, 'nothing is a payload, too');
});

test('a topic to publish to is a whole name: no filter, no NUL, and no more octets than its length has room for', () => {
  for (const topic of ['a+b', '+', 'a/#', 'a\0b'])
    assert.throws(
      () => readPublish(topic, 'x', {}),
      { message: /^publish\(\) takes a topic without \+ and #, not / },
      topic,
    );
  for (const topic of ['', null, undefined, 5])
    assert.throws(() => readPublish(topic, 'x', {}), { message: 'publish() takes a topic as text' });
  assert.equal(readPublish('x'.repeat(65_535), '', {}).topic.length, 65_535);
  assert.throws(() => readPublish(`${'x'.repeat(65_534)}ü`, '', {}), {
    message: 'a topic has 65535 bytes at most, not 65536',
  });
  for (const topic of ['/', '//', '$SYS/x', ' ']) assert.equal(readPublish(topic, '', {}).topic, topic);
});

test('a payload that is none, and a quality that there is not, are named', () => {
  for (const [payload, kind] of [
    [null, 'null'],
    [undefined, 'undefined'],
    [5, 'number'],
    [{}, 'object'],
    [[1, 2], 'object'],
  ] as const)
    assert.throws(() => readPublish('a', payload, {}), {
      message: `publish() takes the payload as text or an ArrayBuffer, not ${kind}`,
    });
  for (const [qos, shown] of [
    [3, '3'],
    [-1, '-1'],
    ['1', '1'],
    [1.5, '1.5'],
    [true, 'boolean'],
  ] as const)
    assert.throws(() => readPublish('a', 'x', { qos }), { message: `qos is 0, 1 or 2, not ${shown}` });
  assert.throws(() => readPublish('a', 'x', { retain: 'yes' }), {
    message: 'retain must be true or false, not string',
  });
});

test('a filter has + for a whole level, and # for all at its end (4.7.1)', () => {
  const filters = ['#', '+', 'a/#', '+/b/+', '/+', 'a//b', '+/+/#', '$share/group/a/+'];
  assert.deepEqual(readTopics('subscribe', filters, { qos: 2 }), { topics: filters, qos: 2, tags: undefined });
  assert.deepEqual(readTopics('subscribe', 'one', undefined).topics, ['one']);
  for (const filter of ['a#', 'a/#/b', '#/a', 'a+', '+a', 'a/+b', 'a\0', '##', '++'])
    assert.throws(() => readTopics('subscribe', ['fine', filter], {}), {
      message: `subscribe() cannot read ${JSON.stringify(filter)}: + stands for a whole level, # for all at the end`,
    });
  for (const topics of ['', null, undefined, 5, [5], ['']])
    assert.throws(() => readTopics('unsubscribe', topics, {}), { message: 'unsubscribe() takes topics as text' });
  assert.throws(() => readTopics('subscribe', [], {}), { message: 'subscribe() takes at least one topic' });
});

test('an end may have tags, and nothing else is asked of it', () => {
  assert.equal(readEnd(undefined), undefined);
  assert.deepEqual(readEnd({ tags: { a: 'b' } }), { a: 'b' });
  assert.throws(() => readEnd('now'), {
    name: 'TypeError',
    message: 'end() takes options must be an object, not string',
  });
});
