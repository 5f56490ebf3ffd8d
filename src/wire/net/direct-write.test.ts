import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { createCertificates } from '../../demo/certificates.ts';
import type { Connection } from './connection.ts';
import { Dialer } from './dialer.ts';
import type { TlsParams } from './tls-params.ts';
import type { WireError } from './wire-error.ts';

const accepted: Socket[] = [];
const accept = (socket: Socket): unknown => accepted.push(socket.on('error', () => {}));
const { ca, cert, key } = createCertificates(['127.0.0.1']);
const servers = { plain: createServer(accept), TLS: createTlsServer({ key, cert }, accept) };
const secure: TlsParams = { alpn: [], rejectUnauthorized: true, ca: [ca] };
const ACCEPTED = { plain: 'connection', TLS: 'secureConnection' } as const;
type Kind = keyof typeof servers;

before(async () => {
  for (const server of Object.values(servers)) await once(server.listen(0, '127.0.0.1'), 'listening');
});
after(() => {
  for (const socket of accepted) socket.destroy();
  for (const server of Object.values(servers)) server.close();
});

interface Ends {
  connection: Connection;
  peer: Socket;
  /** Resolves when the connection has been told that it can go on; what it was told at its end. */
  drained: Promise<void>;
  closed: Promise<WireError | null>;
}

async function connect(kind: Kind): Promise<Ends> {
  const before = accepted.length;
  const meter = { sent: 0, received: 0 };
  const { port } = servers[kind].address() as AddressInfo;
  const tls = kind === 'TLS' ? secure : null;
  const connection = await new Dialer().dial({ host: '127.0.0.1', port, tls, timeoutMs: 10_000, meter });
  if (accepted.length === before) await once(servers[kind], ACCEPTED[kind]);
  const peer = accepted.at(-1) as Socket;
  const drained = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<WireError | null>();
  connection.handler = {
    onData() {},
    onDrain: () => drained.resolve(),
    onClose: (error) => closed.resolve(error),
    onFault: (failure) => closed.resolve(failure),
  };
  return { connection, peer, drained: drained.promise, closed: closed.promise };
}

async function collect(peer: Socket, octets: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of peer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= octets) break;
  }
  return Buffer.concat(chunks);
}

for (const kind of ['plain', 'TLS'] as const)
  describe(`over ${kind === 'TLS' ? 'TLS' : 'TCP'}`, () => {
    test('texts and bytes, short and long, arrive in the order in which they were written', async () => {
      const { connection, peer } = await connect(kind);
      const parts: (string | Uint8Array)[] = [
        'first',
        Buffer.from('-bytes-'),
        'x'.repeat(70_000),
        '\u00ff\u0080',
        new Uint8Array([1, 2, 3]),
      ];
      for (const part of [...parts, ...parts]) connection.write(part);
      const once = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
      const expected = Buffer.concat([once, once]);
      assert.deepEqual(await collect(peer, expected.length), expected);
      if (kind === 'plain') assert.equal(connection.meter.sent, expected.length);
      connection.destroy();
    });

    test('who writes more than the peer reads is told to wait, and later to go on; nothing is lost', async () => {
      const { connection, peer, drained } = await connect(kind);
      connection.write('a');
      const block = 'b'.repeat(60_000);
      let blocks = 0;
      while (connection.write(block)) blocks++;
      // What is written all the same queues up behind.
      connection.write('c');
      connection.write(Buffer.alloc(100_000, 'd'));
      assert.ok(connection.queued > 0);
      const expected = 1 + (blocks + 1) * block.length + 1 + 100_000;
      const received = await collect(peer, expected);
      await drained;
      assert.equal(received.length, expected);
      assert.equal(received.indexOf('c'), 1 + (blocks + 1) * block.length);
      assert.equal(connection.queued, 0);
      connection.destroy();
    });

    test('a peer that is gone is an error of the write, and ends the connection', async () => {
      const { connection, peer, closed } = await connect(kind);
      connection.write('a');
      await collect(peer, 1);
      connection.pause();
      peer.resetAndDestroy();
      // The system knows of it from the first write after it at the latest.
      while (!connection.closed) {
        connection.write('more');
        await new Promise((resolve) => setImmediate(resolve));
      }
      const error = await closed;
      assert.ok(error !== null && (error.code === 1201 || error.code === 1220), String(error?.message));
      connection.write('not sent');
    });

    test('an end comes behind what was written', async () => {
      const { connection, peer } = await connect(kind);
      connection.write('last words');
      connection.end();
      const chunks: Buffer[] = [];
      for await (const chunk of peer as AsyncIterable<Buffer>) chunks.push(chunk);
      assert.equal(Buffer.concat(chunks).toString(), 'last words');
    });

    if (kind === 'TLS')
      test('what is written while a write is in progress leaves behind it, whole and in order, and is told of', async () => {
        const { connection, peer } = await connect('TLS');
        const chunks: Buffer[] = [];
        peer.on('data', (chunk: Buffer) => chunks.push(chunk));
        connection.write('0');
        while (chunks.length === 0) await once(peer, 'data');
        const told: string[] = [];
        const parts = Array.from({ length: 40 }, (_, i) => (i % 7 === 3 ? 'x'.repeat(30_000) : `-${i}-`));
        for (const [i, part] of parts.entries()) {
          if (i % 5 === 4) connection.write(part, () => told.push(part));
          else connection.write(i % 2 === 0 ? part : Buffer.from(part));
        }
        connection.end();
        await once(peer, 'end');
        assert.equal(Buffer.concat(chunks).toString(), `0${parts.join('')}`);
        assert.deepEqual(
          told,
          parts.filter((_, i) => i % 5 === 4),
        );
      });
  });
