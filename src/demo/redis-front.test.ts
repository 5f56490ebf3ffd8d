import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LoopbackService, octetByOctet, startService } from './loopback-service.fixture.ts';
import { serveRedis } from './redis-front.ts';

let service: LoopbackService;
before(async () => {
  service = await startService(serveRedis);
});
after(() => service.close());

const command = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
const say = async (...pieces: readonly (string | Uint8Array)[]): Promise<string> =>
  (await service.say(...pieces)).toString();

test('each command has its reply, whatever the case of its name', async () => {
  const cases: [words: string[], reply: string][] = [
    [['PING'], '+PONG\r\n'],
    [['ping'], '+PONG\r\n'],
    [['GET', 'a'], '$-1\r\n'],
    [['INFO'], '$0\r\n\r\n'],
    [['HELLO', '3'], "-ERR unknown command 'HELLO'\r\n"],
    [['SET', 'a', 'b'], '+OK\r\n'],
    [['constructor'], '+OK\r\n'],
    [[], '+OK\r\n'],
  ];
  for (const [words, reply] of cases) assert.equal(await say(command(...words)), reply, String(words));
});

test('a key that names a code is refused with it, at any place; one that is no code is a key', async () => {
  const cases: [words: string[], reply: RegExp][] = [
    [['GET', 'code:2000'], /^-ERR value/],
    [['GET', 'code:2001'], /^-NOAUTH/],
    [['MSET', 'a', '1', 'code:2004', '2'], /^-OOM/],
    [['GET', 'code:2005'], /^-MOVED 3999 127\.0\.0\.1:6381\r\n$/],
    [['GET', 'code:2006'], /^\$-1/],
    [['GET', 'code:20031'], /^\$-1/],
    [['GET', 'my-code:2003'], /^\$-1/],
    [['code:2003'], /^\+OK/],
  ];
  for (const [words, reply] of cases) assert.match(await say(command(...words)), reply, String(words));
});

test('commands may come in any pieces, several at once, and with octets of every kind in them', async () => {
  const both = command('PING') + command('SET', 'key', 'a\r\n$5\r\nb') + command('GET', 'x');
  assert.equal(await say(both), '+PONG\r\n+OK\r\n$-1\r\n');
  assert.equal(await say(...octetByOctet(both)), '+PONG\r\n+OK\r\n$-1\r\n');
  assert.equal(await say(Buffer.from(command('SET', 'ключ', '🍕')), command('PING')), '+OK\r\n+PONG\r\n');
});

test('what is cut off, or is no command, has no reply', async () => {
  const whole = command('GET', 'code:2003');
  for (let length = 0; length < whole.length; length++) assert.equal(await say(whole.slice(0, length)), '');
  for (const text of ['PING\r\n', '*-1\r\n', '*1\r\nPING\r\n', '*1\r\n$-1\r\n', '*99999\r\n', '*1\r\n$9999999\r\nx'])
    assert.equal(await say(text), '', text);
});
