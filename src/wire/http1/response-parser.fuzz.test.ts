// Random responses, whole, mutated and in random pieces, against Node's own parser.
import assert from 'node:assert/strict';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { DONE, FAILED, MORE, ResponseParser } from './response-parser.ts';

const SEED = 20260717;
const ROUNDS = 600;

/** A small generator of numbers in [0, 1): the same ones each time. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = createRandom(SEED);
const below = (limit: number): number => Math.floor(random() * limit);
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

function makeResponse(): Buffer {
  const body = Array.from({ length: below(300) }, () => pick([...'abc \r\n0é'])).join('');
  const bytes = Buffer.from(body, 'utf8');
  const headers = Array.from(
    { length: below(6) },
    (_, index) =>
      `X-${pick(['a', 'B-c', '!#$', '9'])}${index}: ${pick(['', 'v', '  padded\t', 'a, b', 'x'.repeat(below(200))])}`,
  );
  const framing = pick(['length', 'chunked', 'close', 'none']);
  let payload = bytes;
  if (framing === 'length') headers.push(`Content-Length: ${bytes.length}`);
  if (framing === 'chunked') {
    headers.push('Transfer-Encoding: chunked');
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = Math.min(bytes.length - at, 1 + below(60));
      pieces.push(
        Buffer.from(`${size.toString(16)}${pick(['', ';a=b'])}\r\n`),
        bytes.subarray(at, at + size),
        Buffer.from('\r\n'),
      );
      at += size;
    }
    pieces.push(Buffer.from(pick(['0\r\n\r\n', '0\r\nT: x\r\n\r\n'])));
    payload = Buffer.concat(pieces);
  }
  if (framing === 'none') payload = Buffer.alloc(0);
  const status = pick([
    '200 OK',
    '404 Not Found',
    '500',
    '299 A B',
    framing === 'none' ? '204 No Content' : '201 Created',
  ]);
  const interim = pick(['', '', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n']);
  return Buffer.concat([
    Buffer.from(`${interim}HTTP/1.1 ${status}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
    payload,
  ]);
}

/** Changes, drops, doubles or inserts a few bytes. */
function mutate(bytes: Buffer): Buffer {
  let out = bytes;
  for (let count = 1 + below(3); count > 0; count--) {
    const at = below(out.length);
    const inserted = Buffer.from([pick([0, 9, 10, 13, 32, 48, 57, 58, 65, 97, 127, 200])]);
    const rest = pick([at, at + 1, Math.min(out.length, at + 1 + below(20))]);
    out = Buffer.concat([out.subarray(0, at), random() < 0.7 ? inserted : Buffer.alloc(0), out.subarray(rest)]);
  }
  return out;
}

interface Outcome {
  status: number;
  body: string;
  headers: string[];
}

function parseOurs(bytes: Buffer): Outcome | null {
  const parser = new ResponseParser();
  parser.reset(false, true);
  let progress: number = MORE;
  for (let at = 0; at < bytes.length && progress === MORE; ) {
    const size = random() < 0.2 ? 1 : 1 + below(200);
    progress = parser.push(bytes.subarray(at, at + size));
    at += size;
  }
  if (progress === MORE) progress = parser.end();
  assert.notEqual(progress, MORE);
  if (progress === FAILED) return null;
  assert.equal(progress, DONE);
  return {
    status: parser.status,
    body: (parser.body ?? Buffer.alloc(0)).toString('latin1'),
    headers: parser.headers.list.map(([name, value]) => `${name}: ${value}`),
  };
}

let server: net.Server;
let answer: Buffer = Buffer.alloc(0);

before(async () => {
  server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
after(() => {
  server.close();
});

function parseNodes(bytes: Buffer): Promise<Outcome | null> {
  answer = bytes;
  return new Promise((resolve) => {
    const request = http.get(
      { host: '127.0.0.1', port: (server.address() as AddressInfo).port, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', () => resolve(null));
        response.on('end', () => {
          const headers: string[] = [];
          for (let index = 0; index < response.rawHeaders.length; index += 2) {
            headers.push(
              `${response.rawHeaders[index]}: ${Buffer.from(response.rawHeaders[index + 1] ?? '', 'latin1').toString('utf8')}`,
            );
          }
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('latin1'), headers });
        });
      },
    );
    request.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve(null);
    });
    request.on('error', () => resolve(null));
  });
}

test(`${ROUNDS} well-formed responses come out as Node reads them`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = makeResponse();
    const theirs = await parseNodes(bytes);
    const ours = parseOurs(bytes);
    assert.ok(ours !== null, `round ${round}: ${JSON.stringify(bytes.toString('latin1'))}`);
    assert.deepEqual(ours, theirs, `round ${round}: ${JSON.stringify(bytes.toString('latin1'))}`);
  }
});

test(`${ROUNDS} damaged responses never hang or crash, and where both read them, they read the same`, async () => {
  let both = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = mutate(makeResponse());
    const ours = parseOurs(bytes);
    // Node's parser is laxer or stricter in places (see the parser's comments): only what both accept can be compared.
    const theirs = ours === null ? null : await parseNodes(bytes);
    if (ours === null || theirs === null) continue;
    both++;
    assert.equal(ours.status, theirs.status, `round ${round}: ${JSON.stringify(bytes.toString('latin1'))}`);
    assert.equal(ours.body, theirs.body, `round ${round}: ${JSON.stringify(bytes.toString('latin1'))}`);
  }
  assert.ok(both > ROUNDS / 10, `only ${both} could be compared`);
});
