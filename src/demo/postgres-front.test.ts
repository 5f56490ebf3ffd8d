import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type LoopbackService, octetByOctet, startService } from './loopback-service.fixture.ts';
import { servePostgres } from './postgres-front.ts';

let service: LoopbackService;
before(async () => {
  service = await startService(servePostgres);
});
after(() => service.close());

/** PostgreSQL, "Message Formats": the length includes itself; the first message of a session has no type. */
function message(type: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const VERSION = Uint8Array.of(0, 3, 0, 0);
const startup = (...parameters: readonly string[]): Buffer =>
  message('', VERSION, ...parameters.map((one) => `${one}\0`), '\0');
const query = (statement: string): Buffer => message('Q', `${statement}\0`);
const SYNC = message('S');
const TERMINATE = message('X');

/** The messages that come back: type, and of an error its severity and code. */
async function hear(...pieces: readonly (string | Uint8Array)[]): Promise<string> {
  const octets = await service.say(...pieces);
  const heard: string[] = [];
  let at = 0;
  while (at < octets.length) {
    const type = String.fromCharCode(octets[at]);
    const length = octets.readUInt32BE(at + 1);
    const body = octets.toString('latin1', at + 5, at + 1 + length);
    assert.ok(at + 1 + length <= octets.length, 'a message is whole');
    const fields = type === 'E' ? body.split('\0').filter((field) => /^[SC]/.test(field)) : [];
    heard.push(type + fields.map((field) => ` ${field.slice(1)}`).join(''));
    at += 1 + length;
  }
  return heard.join(',');
}

test('a session is opened for anybody, but with the database that names an error', async () => {
  assert.equal(await hear(startup('user', 'shop', 'database', 'shop')), 'R,Z');
  assert.equal(await hear(startup('user', 'shop')), 'R,Z');
  assert.equal(await hear(startup('user', 'shop', 'database', '28P01')), 'E FATAL 28P01');
  assert.equal(await hear(startup('database', '53300', 'user', 'shop')), 'E FATAL 53300');
  assert.equal(await hear(startup('user', 'database', 'database', '28P01')), 'E FATAL 28P01', 'a user of that name');
  assert.equal(await hear(startup('user', 'shop', 'database', 'toString')), 'R,Z');
});

test('TLS is declined, and the session goes on without', async () => {
  const request = message('', Uint8Array.of(0x04, 0xd2, 0x16, 0x2f));
  const octets = await service.say(request, startup('user', 'shop'));
  assert.equal(octets.toString('latin1', 0, 2), 'NR');
});

test('a statement selects nothing, or fails with the SQLSTATE in its quotes', async () => {
  const cases: [statement: string, answer: string][] = [
    ['select 1', 'C,Z'],
    ["select 'text'", 'C,Z'],
    ["select '40001'", 'E ERROR 40001,Z'],
    ["select '42P01', 1", 'E ERROR 42P01,Z'],
    ["select 'ABCDE'", 'E ERROR ABCDE,Z'],
    ["select '400011'", 'C,Z'],
    ["select '57P01'", 'E FATAL 57P01'],
    ["select '28000'", 'E FATAL 28000'],
    ['', 'C,Z'],
  ];
  for (const [statement, answer] of cases)
    assert.equal(await hear(startup('user', 'shop'), query(statement)), `R,Z,${answer}`, statement);
});

test('an error that ends the session is its last word', async () => {
  assert.equal(await hear(startup('user', 'shop'), query("select '57P01'"), query('select 1')), 'R,Z,E FATAL 57P01');
  assert.equal(await hear(startup('user', 'shop'), TERMINATE, query('select 1')), 'R,Z');
});

test('an extended query is answered when it is to be synchronised, each for itself', async () => {
  const parse = (statement: string): Buffer => message('P', '\0', `${statement}\0`, Uint8Array.of(0, 0));
  const bind = message('B', '\0\0', Uint8Array.of(0, 0, 0, 0, 0, 0));
  assert.equal(await hear(startup('user', 'shop'), parse('select 1'), bind), 'R,Z');
  assert.equal(await hear(startup('user', 'shop'), parse('select 1'), bind, SYNC), 'R,Z,1,2,n,C,Z');
  assert.equal(
    await hear(startup('user', 'shop'), parse("select '23505'"), SYNC, parse('select 1'), SYNC),
    'R,Z,E ERROR 23505,Z,1,2,n,C,Z',
  );
});

test('a Sync without a statement says only that the session is ready: what failed before has failed once', async () => {
  const parse = message('P', '\0', "select '23505'\0", Uint8Array.of(0, 0));
  assert.equal(await hear(startup('user', 'shop'), parse, SYNC, SYNC), 'R,Z,E ERROR 23505,Z,Z');
});

test('messages may come in any pieces', async () => {
  const all = Buffer.concat([startup('user', 'shop'), query("select '40001'"), query('select 1')]);
  assert.equal(await hear(...octetByOctet(all.toString('latin1'))), 'R,Z,E ERROR 40001,Z,C,Z');
});

test('lengths that cannot be end the session', async () => {
  for (const octets of ['\0\0\0\x03', '\0\0\0\0', '\0\x01\0\x01', '\xff\xff\xff\xff'])
    assert.equal(await hear(octets), '', JSON.stringify(octets));
  assert.equal(await hear(startup('user', 'shop'), 'Q\0\0\0\x03', query('select 1')), 'R,Z');
});
