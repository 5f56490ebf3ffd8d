// Mutated HTTP/1.1 responses against the real client; after each of them a good one must be read rightly.
import zlib from 'node:zlib';
import type { ResponseState } from '../../src/modules/k6-http/response-state.ts';
import { createFuzzClient } from './fuzz-client.ts';
import { ScriptedDialer } from './scripted-wire.ts';
import { mutate, SeededRandom } from './seeded-random.ts';

export interface FuzzReport {
  /** Hostile responses or frames. */
  count: number;
  /** By error code; 0: taken for a response. */
  codes: Map<number, number>;
  connections: number;
  /** Most of `process.memoryUsage().rss` seen, in octets. */
  mostMemory: number;
}

const head = (status: string, lines: readonly string[], body: Buffer | string = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`, 'latin1'),
    Buffer.from(body),
  ]);
const sized = (status: string, lines: readonly string[], body: Buffer | string): Buffer =>
  head(status, [...lines, `Content-Length: ${Buffer.byteLength(body)}`], body);

const TEXT = Buffer.from('a body of some length, that is worth packing, packing, packing');
const PACKED = {
  gzip: zlib.gzipSync(TEXT),
  deflate: zlib.deflateSync(TEXT),
  br: zlib.brotliCompressSync(TEXT),
  zstd: zlib.zstdCompressSync(TEXT),
  'gzip, br': zlib.brotliCompressSync(zlib.gzipSync(TEXT)),
};
/** Unpacks to more than the limit. */
const BOMB = zlib.brotliCompressSync(Buffer.alloc(6_000_000), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } });

const SEEDS: readonly Buffer[] = [
  sized(
    '200 OK',
    ['Set-Cookie: a=b; Domain=fuzz.test; Path=/x; Expires=Wed, 21 Oct 2065 07:28:00 GMT; Secure; HttpOnly'],
    'ok',
  ),
  sized('200 OK', ['Set-Cookie: constructor=1; Max-Age=5', 'Set-Cookie: "q"="v"; Domain=.test; SameSite=None'], 'ok'),
  sized(
    '401 Unauthorized',
    ['WWW-Authenticate: Digest realm="r", nonce="n\\"x", qop="auth,auth-int", algorithm=SHA-256-sess, opaque="o"'],
    'no',
  ),
  sized('401 Unauthorized', ['WWW-Authenticate: Basic realm="x", Digest nonce=n, algorithm=MD5'], 'no'),
  ...[301, 302, 303, 307, 308].map((status) =>
    sized(`${status} Moved`, ['Location: http://ann:secret@other.test:81/next?q#f', 'Set-Cookie: r=1'], ''),
  ),
  sized('302 Found', ['Location: ../up/./here'], ''),
  sized('302 Found', ['Location: //third.test'], ''),
  sized('307 Temporary Redirect', ['Location: ftp://ann:secret@x/'], ''),
  ...Object.entries(PACKED).map(([coding, body]) => sized('200 OK', [`Content-Encoding: ${coding}`], body)),
  head('200 OK', ['Transfer-Encoding: chunked', 'Trailer: X'], '5;e="x"\r\nhello\r\n3\r\nyou\r\n0\r\nX: y\r\n\r\n'),
  head('200 OK', ['Connection: close'], 'until the end'),
  Buffer.concat([head('103 Early Hints', ['Link: </a>']), sized('200 OK', [], 'late')]),
  head('204 No Content', ['Set-Cookie: n=1']),
  head('304 Not Modified', ['ETag: "x"']),
];
const DICTIONARY = [
  '\r\n',
  '\n',
  '\0',
  '\r\n\r\n',
  ': ',
  ';',
  '=',
  '"',
  ',',
  '%',
  '[',
  ':99999',
  '256.0.0.1',
  '1.2.3.4.5',
  '__proto__',
  'constructor',
  '\xff\xfe',
  '\u00e9',
  'Digest ',
  'gzip',
  'br',
  'zstd',
  'identity',
  'Content-Length: 5\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Set-Cookie: a=b; Domain=\xe9 x\r\n',
  'Location: http://127.0.0.1:99999/\r\n',
  'Content-Encoding: gzip\r\n',
  'Content-Encoding: br\r\n',
  'HTTP/1.1 200 OK\r\n',
  '0\r\n\r\n',
  'ffffffff\r\n',
  ' '.repeat(200),
  'a'.repeat(500),
].map((text) => Buffer.from(text, 'latin1'));

/**
 * @param seed of the mutations
 * @param count of hostile responses
 * @throws Error with the seed, the number and the bytes of the response that broke something
 */
export async function fuzzHttp1(seed: number, count: number): Promise<FuzzReport> {
  const random = new SeededRandom(seed);
  const report: FuzzReport = { count: 0, codes: new Map(), connections: 0, mostMemory: 0 };
  let hostile: Buffer | null = null;
  const dialer = new ScriptedDialer(null, (connection, bytes) => {
    const path = /^[A-Z]+ (\S+) /.exec(bytes.toString('latin1', 0, 200))?.[1] ?? '';
    const response = hostile;
    hostile = null;
    if (response === null) {
      // A good answer, also to whatever a hostile one led to: the request's own path.
      connection.deliver(sized('200 OK', [], path));
      return;
    }
    for (let at = 0; at < response.length; ) {
      const length = random.below(3) === 0 ? 1 + random.below(40) : response.length;
      connection.deliver(response.subarray(at, at + length));
      at += length;
    }
    if (random.below(2) === 0) connection.finish();
  });
  const client = await createFuzzClient(dialer);
  const call = (url: string, digest: boolean): Promise<ResponseState> =>
    new Promise((resolve) => client.get(url, digest, resolve));
  for (let number = 0; number < count; number++) {
    const seedBytes = random.below(2000) === 0 ? sized('200 OK', ['Content-Encoding: br'], BOMB) : random.pick(SEEDS);
    const bytes = mutate(seedBytes, random, DICTIONARY);
    const fail = (what: string): never => {
      throw new Error(`${what} (seed ${seed}, response ${number}):\n${JSON.stringify(bytes.toString('latin1'))}`);
    };
    hostile = bytes;
    const state = await dialer.settle(call(`http://ann:pw@fuzz.test/hostile`, random.below(2) === 0));
    hostile = null;
    report.codes.set(state.errorCode, (report.codes.get(state.errorCode) ?? 0) + 1);
    if (state.errorCode === 1001) fail(state.error);
    if (state.errorCode === 1050) fail('it hung');
    const path = `/good/${number}`;
    const good = await call(`http://fuzz.test${path}`, false);
    if (good.errorCode !== 0 || good.bytes?.toString() !== path) {
      fail(`the next request got ${good.errorCode} ${good.error} ${good.bytes?.toString().slice(0, 200)}`);
    }
    report.count++;
    if (number % 1000 === 0) {
      report.mostMemory = Math.max(report.mostMemory, process.memoryUsage.rss());
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  report.connections = dialer.connections;
  return report;
}
