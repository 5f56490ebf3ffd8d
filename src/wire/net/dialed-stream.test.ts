// What clients of other protocols are given for a socket, as they use it: streams of Node's over real connections.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { after, describe, test } from 'node:test';
import type { Connection } from './connection.ts';
import { DialedStream } from './dialed-stream.ts';
import { Dialer } from './dialer.ts';
import { WireError } from './wire-error.ts';

const servers: net.Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function serve(onSocket: (socket: Socket) => void, allowHalfOpen = false): Promise<number> {
  const server = net.createServer({ allowHalfOpen }, (socket) => {
    socket.on('error', () => {});
    onSocket(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const dial = (port: number): Promise<Connection> =>
  new Dialer().dial({ host: '127.0.0.1', port, tls: null, timeoutMs: 30_000, meter: { sent: 0, received: 0 } });

const echo = (socket: Socket): void => void socket.pipe(socket);

async function textOf(stream: DialedStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe('a stream over a connection that is being dialled', () => {
  test('takes what is written at once, and sends it in order when the connection is there', async () => {
    const port = await serve(echo);
    const { promise, resolve } = Promise.withResolvers<Connection>();
    const stream = new DialedStream(promise);
    assert.deepEqual([stream.connecting, stream.remotePort], [true, 0]);
    stream.write('one ');
    stream.write('two ');
    stream.end('three');
    resolve(await dial(port));
    await once(stream, 'connect');
    assert.deepEqual([stream.connecting, stream.remoteAddress, stream.remotePort], [false, '127.0.0.1', port]);
    assert.equal(await textOf(stream), 'one two three');
  });

  test('fails with what the dial failed with, and tells those who wait for a write', async () => {
    const failure = new WireError(1212, 'dial: connection refused');
    const { promise, reject } = Promise.withResolvers<Connection>();
    const stream = new DialedStream(promise);
    const written = Promise.withResolvers<unknown>();
    stream.write('never sent', written.resolve);
    reject(failure);
    const [error] = await once(stream, 'error');
    assert.equal(error, failure);
    assert.ok((await written.promise) instanceof Error);
    assert.equal(stream.destroyed, true);
    assert.equal(stream.connecting, false);
  });

  test('that was given up closes the connection that comes too late', async () => {
    const gone = Promise.withResolvers<void>();
    const port = await serve((socket) => socket.resume().once('close', () => gone.resolve()));
    const { promise, resolve } = Promise.withResolvers<Connection>();
    const stream = new DialedStream(promise);
    stream.on('connect', () => assert.fail('it was given up'));
    stream.destroy();
    const connection = await dial(port);
    resolve(connection);
    await gone.promise;
    assert.equal(connection.closed, true);
  });
});

describe('a stream over a connection', () => {
  test('gives chunks that are its own, though all sockets read into one buffer', async () => {
    const port = await serve(echo);
    const streams = ['a', 'b', 'c'].map((letter) => ({ letter, stream: new DialedStream(dial(port)) }));
    const texts = streams.map(({ letter, stream }) => {
      stream.end(letter.repeat(200_000));
      return textOf(stream);
    });
    assert.deepEqual(
      await Promise.all(texts),
      streams.map(({ letter }) => letter.repeat(200_000)),
    );
  });

  test('has a server wait that sends more than is read', async () => {
    let peer!: Socket;
    const port = await serve((socket) => {
      peer = socket;
      const fill = (): void => {
        while (socket.write(Buffer.alloc(64 * 1024)));
      };
      socket.on('drain', fill);
      fill();
    });
    const stream = new DialedStream(dial(port));
    await once(stream, 'readable');
    // Until the system takes nothing more of the server for as long as a whole turn of sockets lasts.
    let sent = -1;
    while (sent !== peer.bytesWritten - peer.writableLength) {
      sent = peer.bytesWritten - peer.writableLength;
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(stream.readableLength < 1_000_000, `${stream.readableLength} octets wait to be read`);
    stream.resume();
    await once(peer, 'drain');
    stream.destroy();
  });

  test('has a writer wait whose server does not read, until it does', async () => {
    let peer!: Socket;
    const port = await serve((socket) => {
      peer = socket.pause();
    });
    const stream = new DialedStream(dial(port));
    await once(stream, 'connect');
    const block = Buffer.alloc(1 << 20);
    while (stream.write(block));
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    stream.end();
    let received = 0;
    peer.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    peer.resume();
    await once(peer, 'end');
    assert.equal(received % block.length, 0);
    assert.ok(received >= block.length);
    stream.destroy();
  });

  test('ends with its server, in good order', async () => {
    const port = await serve((socket) => socket.end('bye'));
    const stream = new DialedStream(dial(port));
    assert.equal(await textOf(stream), 'bye');
    if (!stream.closed) await once(stream, 'close');
    assert.equal(stream.destroyed, true);
  });

  test('tells a writer that waits of the end of its server, and closes', async () => {
    const port = await serve((socket) => {
      socket.pause();
      socket.once('readable', () => {});
      setImmediate(() => socket.end());
    }, true);
    const stream = new DialedStream(dial(port));
    const closed = new Promise<void>((resolve) => stream.on('error', () => {}).once('close', () => resolve()));
    stream.resume();
    const written = Promise.withResolvers<Error | null | undefined>();
    // More than any system takes of a reader that does not read.
    stream.write(Buffer.alloc(64 << 20), written.resolve);
    assert.equal(((await written.promise) as WireError).code, 1201);
    await closed;
  });

  test('fails with the code of a reset', async () => {
    const port = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const stream = new DialedStream(dial(port));
    stream.write('x');
    const [error] = (await once(stream, 'error')) as [WireError];
    assert.equal(error.code, 1220);
  });

  test('refuses what is written after the server has gone', async () => {
    const port = await serve((socket) => socket.end());
    const connection = await dial(port);
    const stream = new DialedStream(Promise.resolve(connection));
    await once(stream, 'connect');
    while (!connection.closed) await new Promise((resolve) => setImmediate(resolve));
    const written = Promise.withResolvers<Error | null | undefined>();
    stream.on('error', () => {});
    stream.write('x', written.resolve);
    assert.equal(((await written.promise) as WireError).code, 1201);
  });

  test('closes the connection when it is destroyed', async () => {
    const gone = Promise.withResolvers<void>();
    const port = await serve((socket) => socket.resume().once('close', () => gone.resolve()));
    const stream = new DialedStream(dial(port));
    await once(stream, 'connect');
    stream.destroy(new Error('enough'));
    const [error] = (await once(stream, 'error')) as [Error];
    assert.equal(error.message, 'enough');
    await gone.promise;
  });
});
