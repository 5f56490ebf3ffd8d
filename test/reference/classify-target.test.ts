// What Node's own clients and grpc-js throw at the demo target, which fails in every way that it can, and at a name server.
import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { after, before, describe, test } from 'node:test';
import grpc from '@grpc/grpc-js';
import { Agent, request } from 'undici';
import { classify } from '../../src/codes/index.ts';
import { brokenPortOf } from '../../src/demo/port-list.ts';
import { STATUS_METHODS } from '../../src/demo/status-methods.ts';
import { startTarget, type Target } from '../../src/demo/target.ts';

let target: Target;
before(async () => {
  target = await startTarget();
});
after(() => target.close());

/** What is thrown; null where nothing is. */
const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const codeOf = (error: unknown): number | null => (error === null ? null : classify(error, 'read').code);
const brokenUrl = (code: number): string => target.addresses.broken[brokenPortOf(code)!.port]!;

describe('TLS, by a client that trusts the authority', () => {
  for (const code of [1311, 1312, 1313, 1320, 1321, 1322])
    test(`${code}, of node:https and of undici`, async () => {
      const { ca } = target.addresses;
      const ofNode = new Promise((resolve) => {
        https
          .get(brokenUrl(code), { ca, agent: false }, (response) => response.resume().on('end', () => resolve(null)))
          .on('error', resolve);
      });
      assert.equal(codeOf(await ofNode), code);
      // The refusal comes when the client takes the handshake for done: undici tells of an end alone, or of the reason.
      if (code === 1322) return;
      const dispatcher = new Agent({ connect: { ca } });
      assert.equal(codeOf(await thrownBy(request(brokenUrl(code), { dispatcher }))), code);
      await dispatcher.destroy();
    });

  test('1310, of fetch', async () => {
    assert.equal(codeOf(await thrownBy(fetch(target.addresses.https))), 1310);
  });
});

for (const code of [1040, 1041, 1042, 1220, 1701])
  test(`${code}, of fetch`, async () => {
    const response = fetch(`${target.addresses.http}/code/${code}`);
    assert.equal(codeOf(await thrownBy(response.then((one) => one.text()))), code);
  });

test('timeouts of undici: no headers, no more of the body, no connection', async () => {
  const dispatcher = new Agent({ headersTimeout: 100, bodyTimeout: 100 });
  const url = `${target.addresses.http}/menu?misbehave=hang`;
  assert.equal(codeOf(await thrownBy(request(url, { dispatcher }))), 1050);
  const silent = http.createServer((_, response) => response.writeHead(200, { 'content-length': 9 }).write('half'));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const body = request(`http://127.0.0.1:${port}/`, { dispatcher }).then((response) => response.body.text());
  assert.equal(codeOf(await thrownBy(body)), 1050);
  silent.closeAllConnections();
  silent.close();
  await dispatcher.destroy();
  // A handshake without an answer: undici counts it to the connection.
  const impatient = new Agent({ connect: { timeout: 100 } });
  assert.equal(codeOf(await thrownBy(request(brokenUrl(1323), { dispatcher: impatient }))), 1211);
  await impatient.destroy();
});

/** The error of a stream of node:http2; null where it ends without one. */
function http2Error(origin: string, path: string): Promise<unknown> {
  return new Promise((resolve) => {
    const session = http2.connect(origin, { rejectUnauthorized: false });
    session.on('error', () => {});
    let thrown: unknown = null;
    session
      .request({ ':path': path })
      .on('error', (error) => (thrown = error))
      .on('close', () => {
        session.destroy();
        resolve(thrown);
      })
      .resume();
  });
}

describe('node:http2', () => {
  const goaways = [1610, 1612, 1613, 1614, 1615, 1616, 1617, 1618, 1619, 1620, 1621, 1622, 1623, 1624];
  // Node ends a stream that was reset with NO_ERROR or CANCEL without an error.
  const resets = [1630, 1632, 1633, 1634, 1635, 1636, 1637, 1638, 1640, 1641, 1642, 1643, 1644];
  for (const code of [...goaways, ...resets])
    test(`${code}`, async () => assert.equal(codeOf(await http2Error(target.addresses.https, `/code/${code}`)), code));
  for (const [error, code] of [
    [1, 1652],
    [3, 1654],
    // nghttp2 says no more of these than that the protocol was broken.
    [6, 1652],
    [9, 1652],
  ] as const)
    test(`rules that are broken: error ${error}`, async () =>
      assert.equal(codeOf(await http2Error(brokenUrl(1652), `/${error}`)), code));
});

describe('grpc-js', () => {
  let client: grpc.Client;
  before(() => {
    client = new grpc.Client(target.addresses.grpc, grpc.credentials.createInsecure());
  });
  after(() => client.close());
  const bytes = (buffer: Buffer) => buffer;
  const call = (method: string, misbehave?: string): Promise<unknown> => {
    const metadata = new grpc.Metadata();
    if (misbehave !== undefined) metadata.set('x-misbehave', misbehave);
    const options = { deadline: Date.now() + (misbehave === 'hang' ? 300 : 30_000) };
    return new Promise((resolve) => {
      client.makeUnaryRequest(method, bytes, bytes, Buffer.alloc(0), metadata, options, (error) => resolve(error));
    });
  };

  for (const [status, name] of STATUS_METHODS.entries())
    test(`a server that says ${name}`, async () => {
      const error = await call(`/shop.Statuses/${name}`);
      assert.equal(codeOf(error), status === 0 ? null : 1800 + status);
    });

  for (const [misbehave, code] of [
    ['rst=2', 1633],
    ['rst=11', 1642],
    ['goaway=2', 1613],
    // grpc-js does not say which of the two it was.
    ['goaway=11', 1642],
    ['http=401', 1401],
    ['http=404', 1404],
    ['http=503', 1503],
    ['reset', 1220],
    ['close', 1040],
    ['hang', 1050],
  ] as const)
    test(`below gRPC: ${misbehave}`, async () =>
      assert.equal(codeOf(await call('/shop.Counter/Menu', misbehave)), code));
});

test('a server that only speaks of what happened behind it keeps its status', () => {
  const said = (status: number, details: string) =>
    codeOf(Object.assign(new Error(`${status} ${details}`), { code: status, details, metadata: {} }));
  assert.equal(said(12, 'HTTP 404 of the backend'), 1812);
  assert.equal(said(14, 'read ECONNRESET from the cache'), 1814);
  assert.equal(said(2, 'read ECONNRESET'), 1802);
});

describe('a name server', () => {
  const server = dgram.createSocket('udp4');
  /** null: it does not answer. */
  let rcode: number | null = 0;
  before(async () => {
    server.on('message', (question, { port, address }) => {
      if (rcode === null) return;
      const answer = Buffer.from(question);
      answer[2] = 0x81;
      answer[3] = 0x80 | rcode;
      server.send(answer, port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  });
  after(() => server.close());

  for (const [name, answer, code] of [
    ['FORMERR', 1, 1100],
    ['SERVFAIL', 2, 1103],
    ['NXDOMAIN', 3, 1101],
    ['NOTIMP', 4, 1100],
    ['REFUSED', 5, 1104],
    ['an answer without addresses', 0, 1101],
    ['no answer', null, 1102],
  ] as const)
    test(name, async () => {
      rcode = answer;
      const resolver = new dns.promises.Resolver({ timeout: 200, tries: 1 });
      resolver.setServers([`127.0.0.1:${server.address().port}`]);
      assert.equal(codeOf(await thrownBy(resolver.resolve4('shop.test'))), code);
    });
});
