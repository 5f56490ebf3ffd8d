// Against the `ws` package, an implementation by others: plain and over TLS, with and without compression.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { createCertificates } from '../../demo/certificates.ts';
import { openSocket } from './scripted-server.fixture.ts';

const TEXTS = ['', 'short', 'κόσμε', 'x'.repeat(126), 'packs well '.repeat(20_000)];

for (const secure of [false, true]) {
  for (const compression of [false, true]) {
    test(`the ws package echoes all, ${secure ? 'TLS' : 'plain'}, ${compression ? 'compressed' : 'as it is'}`, async (t) => {
      const { cert, key } = createCertificates(['127.0.0.1']);
      const below = secure ? https.createServer({ cert, key }).listen(0, '127.0.0.1') : null;
      const server = new WebSocketServer({
        perMessageDeflate: compression ? { threshold: 0 } : false,
        ...(below === null ? { port: 0, host: '127.0.0.1' } : { server: below }),
      });
      t.after(() => {
        for (const client of server.clients) client.terminate();
        server.close();
        below?.close();
      });
      await once(below ?? server, 'listening');
      const { port } = (below ?? server).address() as AddressInfo;
      const peer = Promise.withResolvers<{ code: number; reason: string }>();
      server.on('connection', (socket: WebSocket) => {
        socket.on('error', peer.reject);
        socket.on('message', (data: Buffer, isBinary: boolean) => socket.send(data, { binary: isBinary }));
        socket.on('close', (code: number, reason: Buffer) => peer.resolve({ code, reason: reason.toString() }));
      });
      const expected = [...TEXTS, ...TEXTS.map((text) => Buffer.from(text).toString('hex'))];
      const got: string[] = [];
      const { opened, ended } = openSocket(port, {
        compression,
        secure,
        messageOctets: 1 << 24,
        onMessage(data, socket) {
          got.push(typeof data === 'string' ? data : data.toString('hex'));
          if (got.length === expected.length) socket.close(4001, 'enough');
        },
      });
      const { agreement, socket } = await opened;
      assert.equal(agreement.compression, compression);
      for (const text of TEXTS) assert.equal(socket.send(text), true);
      for (const text of TEXTS) assert.equal(socket.send(Buffer.from(text)), true);
      const end = await ended;
      assert.deepEqual(got, expected);
      assert.deepEqual(end, { code: 4001, reason: 'enough', wasClean: true, error: null });
      assert.deepEqual(await peer.promise, { code: 4001, reason: 'enough' });
      assert.equal(socket.send('too late'), false);
    });
  }
}
