// Handshakes and ends that are not as they should be, and a peer that does not keep up or answer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { WireError } from '../net/wire-error.ts';
import { closeOf, frameOf } from './autobahn-cases.fixture.ts';
import { OPCODE } from './protocol.ts';
import { acceptFor, agree, openSocket, ScriptedServer } from './scripted-server.fixture.ts';

let server: ScriptedServer;
before(async () => {
  server = await ScriptedServer.start();
});
after(() => server.close());
beforeEach(() => {
  server.onRequest = agree;
  server.onSocket = () => {};
});

const refusal = (code: number, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof WireError);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
};
const answer =
  (...lines: string[]) =>
  (request: string): string =>
    [
      'HTTP/1.1 101 Switching Protocols',
      ...lines.map((line) => line.replace('ACCEPT', acceptFor(request))),
      '',
      '',
    ].join('\r\n');
const GOOD = ['Upgrade: WebSocket', 'Connection: keep-alive, upgrade', 'Sec-WebSocket-Accept: ACCEPT'];

test('a handshake is refused for what is wrong with its answer', async () => {
  for (const [lines, message] of [
    [GOOD.slice(1), /Upgrade is not websocket/],
    [[GOOD[0], 'Connection: close', GOOD[2]], /does not say Upgrade/],
    [[GOOD[0], GOOD[1], 'Sec-WebSocket-Accept: AAAA'], /Accept/],
    [GOOD.slice(0, 2), /Accept/],
    [[...GOOD, 'Sec-WebSocket-Extensions: permessage-deflate'], /not offered/],
    [[...GOOD, 'Sec-WebSocket-Extensions: x-other'], /not offered/],
  ] as [string[], RegExp][]) {
    server.onRequest = answer(...lines);
    await assert.rejects(openSocket(server.port).opened, refusal(1901, message));
  }
  server.onRequest = answer(...GOOD, 'Sec-WebSocket-Extensions: permessage-deflate');
  await assert.rejects(openSocket(server.port, { compression: true }).opened, refusal(1901, /context takeover/));
});

test('another status, no answer, no HTTP and an early end have codes of their own', async () => {
  server.onRequest = () => 'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 2\r\n\r\nno';
  await assert.rejects(openSocket(server.port).opened, refusal(1901, /status 302/));
  server.onRequest = () => '';
  await assert.rejects(
    openSocket(server.port, { timeoutMs: 100 }).opened,
    refusal(1050, /handshake timeout after 0.1 s/),
  );
  server.onRequest = () => 'SSH-2.0-OpenSSH\r\n\r\n';
  await assert.rejects(openSocket(server.port).opened, refusal(1041, /./));
  server.onRequest = (_request, socket) => {
    socket.end();
    return '';
  };
  await assert.rejects(openSocket(server.port).opened, refusal(1040, /EOF/));
});

test('a handshake that fails says whether the server had begun to answer in HTTP', async () => {
  for (const [answer, answered] of [
    ['', false],
    ['SSH-2.0-OpenSSH\r\n\r\n', false],
    ['HTTP/1.1 1', true],
    ['HTTP/1.1 two OK\r\n\r\n', true],
    ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', true],
  ] as const) {
    server.onRequest = (_request, socket) => {
      socket.end(answer);
      return '';
    };
    await assert.rejects(openSocket(server.port).opened, { answered });
  }
});

test('headers of the handshake cannot be given, but the subprotocol can; that of the server is taken', async () => {
  for (const name of ['Upgrade', 'connection', 'Sec-WebSocket-Key', 'Sec-WebSocket-Extensions'])
    await assert.rejects(openSocket(server.port, { headers: [[name, 'x']] }).opened, refusal(1000, /duplicate header/));
  let asked = '';
  server.onRequest = (request) => {
    asked = request;
    return answer(...GOOD, 'Sec-WebSocket-Protocol: graphql-ws')(request);
  };
  const { opened } = openSocket(server.port, { headers: [['Sec-WebSocket-Protocol', 'graphql-ws']] });
  const { agreement, socket } = await opened;
  assert.match(asked, /^Sec-WebSocket-Protocol: graphql-ws\r$/m);
  assert.equal(agreement.protocol, 'graphql-ws');
  socket.leave();
});

test('hints before the answer, and frames right behind it, are read', async () => {
  server.onRequest = (request) =>
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${agree(request)}${frameOf(OPCODE.text, 'at once').toString('latin1')}`;
  const heard = Promise.withResolvers<string | Buffer>();
  const { opened } = openSocket(server.port, { onMessage: heard.resolve });
  assert.equal(await heard.promise, 'at once');
  (await opened).socket.leave();
});

test('an end without a close frame, and a reset, are abnormal', async () => {
  server.onSocket = (socket) => socket.end();
  let end = await openSocket(server.port).ended;
  assert.deepEqual([end.code, end.wasClean, end.error?.code], [1006, false, 1903]);
  server.onSocket = (socket) => setImmediate(() => socket.resetAndDestroy());
  end = await openSocket(server.port).ended;
  assert.deepEqual([end.code, end.wasClean, end.error?.code], [1006, false, 1220]);
});

test('a peer that does not answer the close frame is not waited for longer than that', async () => {
  server.onSocket = (socket) => socket.resume();
  const { opened, ended } = openSocket(server.port, { closeMs: 50, lingerMs: 50 });
  const { socket } = await opened;
  socket.close(1000);
  assert.equal(socket.send('x'), false);
  const end = await ended;
  assert.deepEqual([end.code, end.wasClean, end.error?.code], [1006, false, 1903]);
});

test('a peer that keeps the connection after both close frames loses it', async () => {
  const gone = new Promise<void>((resolve) => {
    server.onSocket = (socket) => {
      socket.resume();
      socket.write(frameOf(OPCODE.close, closeOf(1000)));
      // Half-open: it has read our FIN, sends none, and hears of the end when it goes on writing.
      const write = setInterval(() => socket.write(frameOf(OPCODE.text, 'still here')), 10);
      socket.on('close', () => {
        clearInterval(write);
        resolve();
      });
    };
  });
  const end = await openSocket(server.port, { lingerMs: 50 }).ended;
  assert.deepEqual([end.code, end.wasClean, end.error], [1000, true, null]);
  await gone;
});

test('leaving tells the peer 1001 and nobody else', async () => {
  const received = new Promise<Buffer>((resolve) => {
    server.onSocket = (socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('end', () => {
        socket.end();
        resolve(Buffer.concat(chunks));
      });
    };
  });
  let told = false;
  const { opened, ended } = openSocket(server.port);
  void ended.then(() => {
    told = true;
  });
  const { socket } = await opened;
  socket.leave();
  const bytes = await received;
  assert.equal(bytes.length, 2 + 4 + 2);
  assert.equal(
    ((bytes[6] as number) ^ (bytes[2] as number)) * 256 + ((bytes[7] as number) ^ (bytes[3] as number)),
    1001,
  );
  assert.equal(told, false);
});

test('a large compressed message, the close frame and the FIN behind it come in their order', async () => {
  const text = 'packs well '.repeat(400_000);
  const packed = deflateRawSync(text, { level: 0, finishFlush: 2 });
  server.onSocket = (socket) => {
    socket.write(frameOf(OPCODE.text, packed.subarray(0, packed.length - 4), { reserved: 4 }));
    socket.write(frameOf(OPCODE.ping, 'p'));
    socket.end(frameOf(OPCODE.close, closeOf(1000, 'all')));
  };
  const heard: string[] = [];
  const { ended } = openSocket(server.port, {
    compression: true,
    messageOctets: 1 << 26,
    onEvent: (event) => heard.push(event),
  });
  assert.deepEqual(await ended, { code: 1000, reason: 'all', wasClean: true, error: null });
  assert.deepEqual(heard, [`text ${text.length}`, 'ping 1']);
});

test('a server that sends faster than is taken has to wait, and one that takes nothing shows in what is queued', async () => {
  const message = frameOf(OPCODE.binary, Buffer.alloc(64 * 1024));
  let peer!: net.Socket;
  const connected = new Promise<void>((resolve) => {
    server.onSocket = (socket) => {
      peer = socket;
      socket.pause();
      resolve();
    };
  });
  let heard = 0;
  const { opened } = openSocket(server.port, { onMessage: () => void heard++ });
  const { socket } = await opened;
  await connected;
  socket.pause();
  // Until the system takes no more: then the rest stays with the server.
  while (peer.write(message) || peer.writableLength === 0) await new Promise((resolve) => setImmediate(resolve));
  const before = heard;
  assert.ok(before <= 1, `${before} messages came while paused`);
  socket.resume();
  await once(peer, 'drain');
  assert.ok(heard > before);

  assert.equal(socket.queued, 0);
  for (let i = 0; i < 64; i++) socket.send(Buffer.alloc(1 << 20));
  assert.ok(socket.queued > 1 << 24, `${socket.queued} octets`);
  peer.resume();
  while (socket.queued > 0) await new Promise((resolve) => setImmediate(resolve));
  socket.leave();
});
