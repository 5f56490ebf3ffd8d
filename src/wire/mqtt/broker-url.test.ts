import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBrokerUrl } from './broker-url.ts';

test('a port is the one that is given, else that of the scheme', () => {
  for (const [url, host, port] of [
    ['broker.test', 'broker.test', 1883],
    ['broker.test:99', 'broker.test', 99],
    ['mqtt://h', 'h', 1883],
    ['TCP://H/', 'h', 1883],
    ['mqtts://h', 'h', 8883],
    ['ssl://h', 'h', 8883],
    ['tls://h:1', 'h', 1],
    ['ws://h/mqtt', 'h', 80],
    ['wss://h/mqtt', 'h', 443],
    ['mqtt://h:80', 'h', 80],
    ['mqtt://h:80/', 'h', 80],
    ['mqtt://h:80?x', 'h', 80],
    ['mqtt://h:080', 'h', 80],
    ['wss://h:80/mqtt', 'h', 80],
    // A port stands behind the host alone.
    ['wss://h/topic:80', 'h', 443],
    ['wss://h/a:80/b', 'h', 443],
    ['wss://h/?x=//y:80/', 'h', 443],
    ['mqtts://u:80@h', 'h', 8883],
    ['mqtt://[::1]', '::1', 1883],
    ['mqtt://[fe80::80]', 'fe80::80', 1883],
    ['mqtt://[::1]:80', '::1', 80],
    ['mqtt://h:443', 'h', 443],
  ] as const) {
    const address = parseBrokerUrl(url);
    assert.deepEqual([address.host, address.port], [host, port], url);
  }
});

test('the scheme says how it is reached, the rest where on a web server', () => {
  const web = parseBrokerUrl('wss://a%40b:p%3Aq@h/mqtt?x=1');
  assert.deepEqual(
    [web.overWebSocket, web.secure, web.path, web.username, web.password, web.shown],
    [true, true, '/mqtt?x=1', 'a@b', 'p:q', 'wss://h:443/mqtt'],
  );
  const plain = parseBrokerUrl('mqtt://u@h/ignored');
  assert.deepEqual(
    [plain.overWebSocket, plain.secure, plain.username, plain.password, plain.shown],
    [false, false, 'u', null, 'mqtt://h:1883'],
  );
});

test('what cannot be read is said with what to write, and without credentials', () => {
  for (const url of ['http://h', 'constructor://h', 'amqp://u:secret@h'])
    assert.throws(() => parseBrokerUrl(url), /a broker's URL begins with mqtt:\/\/, tcp:\/\//, url);
  for (const url of [
    'mqtt://',
    '',
    'mqtt://h:99999',
    'mqtt://h:x',
    'mqtt://me:secret@b r',
    'me:secret@b r',
    'mqtt://me:sec@ret@[::1',
    'mqtt://me:sec/ret@h',
    'me:sec?r#ret@h',
    'mqtt://100%secret@h',
    'mqtt://me:%secret@h',
  ])
    assert.throws(
      () => parseBrokerUrl(url),
      (error: Error) =>
        error instanceof TypeError &&
        /write mqtt:\/\/broker\.example:1883/.test(error.message) &&
        !/sec|ret@/.test(error.message),
      url,
    );
});
