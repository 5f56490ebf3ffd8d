import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { type SideServer, startNameServer } from './name-server.ts';

let server: SideServer;
let resolver: dns.promises.Resolver;
before(async () => {
  server = await startNameServer('127.0.0.1', 0);
  resolver = new dns.promises.Resolver({ timeout: 5000, tries: 1 });
  resolver.setServers([server.address]);
});
after(() => server.close());

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'found',
    ({ code }: NodeJS.ErrnoException) => String(code),
  );

test('the first label of a name says how it fails, whatever its case; all others are found', async () => {
  const cases: [name: string, outcome: string][] = [
    ['formerr.test', 'EFORMERR'],
    ['servfail.test', 'ESERVFAIL'],
    ['nxdomain.test', 'ENOTFOUND'],
    ['notimp.test', 'ENOTIMP'],
    ['refused.test', 'EREFUSED'],
    ['NxDomain.shop.test', 'ENOTFOUND'],
    ['shop.nxdomain.test', 'found'],
    ['nxdomains.test', 'found'],
    // What every object has something for.
    ['constructor.test', 'found'],
    ['__proto__.test', 'found'],
    [`${'a'.repeat(63)}.${'b'.repeat(63)}.test`, 'found'],
  ];
  for (const [name, outcome] of cases) assert.equal(await codeOf(resolver.resolve4(name)), outcome, name);
});

test('a name has an address of IPv4 that lasts a minute, and nothing else', async () => {
  assert.deepEqual(await resolver.resolve4('shop.test', { ttl: true }), [{ address: '127.0.0.1', ttl: 60 }]);
  for (const type of ['AAAA', 'MX', 'TXT', 'CNAME'])
    assert.equal(await codeOf(resolver.resolve('shop.test', type)), 'ENODATA');
  assert.equal(await codeOf(resolver.resolve6('nxdomain.test')), 'ENOTFOUND');
});

/** @returns the answers to questions, in the order of their numbers, until the last of them is there */
async function ask(...questions: readonly Buffer[]): Promise<Buffer[]> {
  const socket = dgram.createSocket('udp4');
  const [host, port] = server.address.split(':') as [string, string];
  for (const question of questions) socket.send(question, Number(port), host);
  const answers: Buffer[] = [];
  const last = questions.at(-1)!.readUInt16BE(0);
  while (answers.every((answer) => answer.readUInt16BE(0) !== last))
    answers.push((await once(socket, 'message'))[0] as Buffer);
  socket.close();
  return answers;
}

/** RFC 1035, section 4.1. */
function question(id: number, labels: readonly string[], rest: readonly number[] = [0, 1, 0, 1], more = 0): Buffer {
  const head = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, more]);
  const name = labels.map((label) => Buffer.concat([Uint8Array.of(label.length), Buffer.from(label, 'latin1')]));
  return Buffer.concat([head, ...name, Uint8Array.of(0), Uint8Array.from(rest)]);
}

test('an answer repeats its question, says whose it is, and leaves out what came beside it', async () => {
  const edns = [0, 1, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
  const [answer] = await ask(question(0x1234, ['Shop', 'test'], edns, 1));
  assert.deepEqual([...answer.subarray(0, 12)], [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  assert.equal(answer.toString('latin1', 12, 23), '\u0004Shop\u0004test\u0000');
  assert.deepEqual([...answer.subarray(-4)], [127, 0, 0, 1]);
});

test('what is no question, or asks for silence, has no answer, and the next one has', async () => {
  const good = question(9, ['a']);
  const answers = await ask(
    Buffer.alloc(0),
    Buffer.alloc(11),
    Buffer.alloc(12),
    question(1, ['silent', 'test']),
    question(2, ['a']).subarray(0, 15),
    question(3, ['a'], [0, 1, 0]),
    question(4, []),
    Buffer.concat([question(5, []).subarray(0, 12), Uint8Array.of(0xc0, 0x0c, 0, 1, 0, 1)]),
    Buffer.concat([question(6, []).subarray(0, 12), Buffer.alloc(400, 63)]),
    good,
  );
  assert.deepEqual(
    answers.map((answer) => answer.readUInt16BE(0)),
    [9],
  );
});

test('a port that is taken is an error', async () => {
  const port = Number(server.address.split(':')[1]);
  await assert.rejects(startNameServer('127.0.0.1', port), { code: 'EADDRINUSE' });
});
