import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp2, type Http2Server, type ServerHttp2Stream, type Settings } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until } from '../../../test/end-to-end/until.ts';
import { canConnect, findFreePort } from '../../../test/servers/spawn-on-loopback.ts';
import { Dialer } from '../net/dialer.ts';
import { Http2Connection } from './connection.ts';
import { type Outcome, Recorder } from './scripted-server.fixture.ts';

async function connect(port: number): Promise<Http2Connection> {
  const meter = { sent: 0, received: 0 };
  const dialled = await new Dialer().dial({ host: '127.0.0.1', port, tls: null, timeoutMs: 30_000, meter });
  const client = Http2Connection.over(dialled);
  // A server may admit fewer streams than one may assume before it has said so.
  await new Promise<void>((resolve) => {
    client.onReady = resolve;
  });
  return client;
}

function fetch(
  client: Http2Connection,
  path: string,
  body: Buffer | null = null,
  method = body ? 'POST' : 'GET',
): Promise<Outcome> {
  const recorder = new Recorder();
  client.request({ method, scheme: 'http', authority: 'localhost', path, headers: [['x-some', path]], body }, recorder);
  return recorder.outcome;
}

async function withNode(settings: Settings, use: (client: Http2Connection) => Promise<void>): Promise<void> {
  const server: Http2Server = createHttp2({ settings });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      stream.additionalHeaders({ ':status': 103, link: '</style.css>' });
      stream.respond({ ':status': 200, 'x-path': headers[':path'] }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ done: 'yes' }));
      stream.end(Buffer.concat(parts));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = await connect((server.address() as { port: number }).port);
  try {
    await use(client);
  } finally {
    client.close();
    server.close();
  }
}

describe("Node's HTTP/2 server", () => {
  for (const [what, settings] of [
    ['as it is', {}],
    ['with small windows and few streams', { initialWindowSize: 1000, maxConcurrentStreams: 3 }],
    ['without a header table', { headerTableSize: 0 }],
  ] as [string, Settings][])
    it(`${what} echoes bodies of all sizes, side by side`, async () => {
      await withNode(settings, async (client) => {
        const sizes = Array.from({ length: 30 }, (_, n) => n * n * 100);
        const outcomes = await Promise.all(
          sizes.map((size) => fetch(client, `/${size}`, Buffer.alloc(size, 'e'), 'POST')),
        );
        for (const [at, { status, body, trailers, error }] of outcomes.entries()) {
          assert.equal(error, null);
          assert.deepEqual([status, body.length, trailers], [200, sizes[at], [{ name: 'done', value: 'yes' }]]);
        }
      });
    });

  it('takes an upload of megabytes and gives it back', async () => {
    await withNode({}, async (client) => {
      const body = Buffer.alloc(8_000_000, 'm');
      assert.equal((await fetch(client, '/', body)).body.length, body.length);
    });
  });
});

/** A machine without it may skip; where CI is set it has to be there. */
const skip =
  spawnSync('nghttpd', ['--version']).status === 0 || process.env['CI'] ? false : 'no nghttpd on this machine';

describe('nghttpd', { skip }, () => {
  for (const options of [
    ['-b', '255'],
    ['-w', '10', '-W', '10'],
    ['-m', '1'],
    ['--header-table-size=0', '--encoder-header-table-size=0'],
    ['--trailer', 'sum: 7'],
    ['--early-response', '--echo-upload'],
  ])
    it(`with ${options.join(' ')} serves files`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sixfold-h2-'));
      writeFileSync(join(folder, 'file.txt'), 'content '.repeat(50_000));
      const port = await findFreePort();
      const server = spawn('nghttpd', ['--no-tls', '-v', '-a', '127.0.0.1', '-d', folder, ...options, String(port)]);
      try {
        await until(() => canConnect(port), 'nghttpd listens');
        const client = await connect(port);
        const outcomes = await Promise.all(Array.from({ length: 20 }, () => fetch(client, '/file.txt')));
        for (const { status, body, error } of outcomes) {
          assert.equal(error, null);
          assert.deepEqual([status, body.length], [200, 400_000]);
        }
        assert.equal((await fetch(client, '/none')).status, 404);
        client.close();
      } finally {
        server.kill();
        rmSync(folder, { recursive: true });
      }
    });
});
