import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LoopbackService, octetByOctet, startService } from './loopback-service.fixture.ts';
import { serveMqtt } from './mqtt-front.ts';

let service: LoopbackService;
before(async () => {
  service = await startService(serveMqtt);
});
after(() => service.close());

/** MQTT 3.1.1, section 2.2: type and flags, the length in groups of seven bits, the rest. */
function packet(head: number, body: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Uint8Array.of(head, ...length), body]);
}

function text(value: string): Buffer {
  const octets = Buffer.from(value);
  return Buffer.concat([Uint8Array.of(octets.length >> 8, octets.length & 255), octets]);
}

const connect = (client: string): Buffer =>
  packet(0x10, Buffer.concat([text('MQTT'), Uint8Array.of(4, 2, 0, 60), text(client)]));
const subscribe = (topic: string, number = 7): Buffer =>
  packet(0x82, Buffer.concat([Uint8Array.of(0, number), text(topic), Uint8Array.of(1)]));
function publish(topic: string, quality: number, body = 'hello'): Buffer {
  const number = quality === 0 ? [] : [0x12, 0x34];
  return packet(0x30 | (quality << 1), Buffer.concat([text(topic), Uint8Array.from(number), Buffer.from(body)]));
}

const PING = packet(0xc0, new Uint8Array());
const hex = async (...pieces: readonly (string | Uint8Array)[]): Promise<string> =>
  (await service.say(...pieces)).toString('hex');

test('clients are let in, but for those that ask for a code by their name', async () => {
  const cases: [client: string, answer: string][] = [
    ['me', '20020000'],
    ['', '20020000'],
    ['code-2300', '20020003'],
    ['code-2301', '20020005'],
    ['code-2303', '20020000'],
    ['code-2304', Buffer.from('HTTP').toString('hex')],
    ['code-2305', ''],
    // Names that every object has something for.
    ['constructor', '20020000'],
    ['__proto__', '20020000'],
    ['toString', '20020000'],
    ['клиент', '20020000'],
  ];
  for (const [client, answer] of cases) assert.equal(await hex(connect(client)), answer, client);
});

test('a subscription is granted, but for the topic that asks for a refusal', async () => {
  assert.equal(await hex(connect('me'), subscribe('menu/#')), '20020000' + '9003000700');
  assert.equal(await hex(subscribe('code/2302', 255)), '900300ff80');
  assert.equal(await hex(subscribe('code/23020')), '9003000700');
});

test('a message is acknowledged where its quality of service says so', async () => {
  assert.equal(await hex(publish('menu', 0)), '');
  assert.equal(await hex(publish('menu', 1)), '40021234');
  assert.equal(await hex(publish('меню/🍕', 1)), '40021234', 'a topic is as long as its octets');
  assert.equal(await hex(publish('', 1, '')), '40021234');
});

test('packets may come in any pieces, many at once, and be longer than one octet can say', async () => {
  const all = Buffer.concat([connect('me'), PING, publish('menu', 1, 'x'.repeat(300)), PING]);
  const answer = '20020000' + 'd000' + '40021234' + 'd000';
  assert.equal(await hex(all), answer);
  assert.equal(await hex(...octetByOctet(all.toString('latin1'))), answer);
  assert.equal(await hex(publish('menu', 1, 'x'.repeat(20_000)), PING), '40021234d000');
});

test('the last packet of a client ends the session', async () => {
  assert.equal(await hex(connect('me'), packet(0xe0, new Uint8Array()), PING), '20020000');
});

test('packets that are empty, or shorter than they say, have no answer and harm no other', async () => {
  assert.equal(await hex(packet(0x10, Uint8Array.of(0)), PING), '20020000d000', 'whoever has no name is let in');
  for (const octets of [
    packet(0x82, Uint8Array.of(0)),
    packet(0x32, Uint8Array.of(0, 50, 1)),
    packet(0x32, new Uint8Array()),
    packet(0xf0, Uint8Array.of(1, 2, 3)),
    packet(0x00, new Uint8Array()),
  ])
    assert.equal(await hex(octets, PING), 'd000', octets.toString('hex'));
});
