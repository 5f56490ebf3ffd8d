// Servers that keep to the letter of the protocol and mean to fill our memory or our time.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { measureLiveHeap } from '../../../test/fuzz/live-heap.ts';
import { MAX_HEAD_BYTES } from '../http1/response-parser.ts';
import { frameOf, packed } from './autobahn-cases.fixture.ts';
import { OPCODE } from './protocol.ts';
import { agree, closeCodeOf, openSocket, readClientFrames, ScriptedServer } from './scripted-server.fixture.ts';

let server: ScriptedServer;
before(async () => {
  server = await ScriptedServer.start();
});
after(() => server.close());
beforeEach(() => {
  server.onRequest = agree;
  server.onSocket = () => {};
});

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

/** All that a socket says until its end, as frames. */
async function framesOf(socket: net.Socket): Promise<ReturnType<typeof readClientFrames>> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.resume();
  await once(socket, 'end');
  socket.end();
  return readClientFrames(Buffer.concat(chunks));
}

describe('a handshake', () => {
  test('may be preceded by thousands of answers in between that come in one piece', async () => {
    server.onRequest = (request) => `${'HTTP/1.1 100 \r\n\r\n'.repeat(20_000)}${agree(request)}`;
    const { opened } = openSocket(server.port);
    (await opened).socket.leave();
  });

  test('whose answer never comes to its end is refused before it has filled the memory', async () => {
    server.onRequest = (_request, socket) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${'X-Filler: y\r\n'.repeat(100_000)}`);
      return '';
    };
    await assert.rejects(openSocket(server.port).opened, { code: 1042 });
  });

  test('that is put off by answers in between without end is refused as requests are', async () => {
    const piece = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n'.repeat(2000);
    let written = 0;
    server.onRequest = (_request, socket) => {
      const say = (): void => {
        while (!socket.destroyed && socket.write(piece)) written += piece.length;
        written += piece.length;
      };
      socket.on('drain', say);
      say();
      return '';
    };
    await assert.rejects(openSocket(server.port).opened, {
      code: 1042,
      message: `server response headers exceeded ${MAX_HEAD_BYTES} bytes`,
    });
    assert.ok(written < 5 * MAX_HEAD_BYTES, `${written} octets`);
  });

  test('is refused for a status of success that is not 101, though all its headers are right', async () => {
    server.onRequest = (request) => agree(request).replace('101 Switching Protocols', '200 OK');
    server.onSocket = (socket) => socket.end();
    await assert.rejects(openSocket(server.port).opened, { code: 1901, message: /status 200/ });
  });
});

describe('a message', () => {
  test('in frames without content takes no memory, and ends as what it is', async () => {
    const empty = frameOf(OPCODE.continuation, '', { final: false });
    const frames = Buffer.concat(Array<Buffer>(50_000).fill(empty));
    let peer!: net.Socket;
    server.onSocket = (socket) => {
      peer = socket;
      socket.write(frameOf(OPCODE.text, 'a', { final: false }));
      for (let i = 0; i < 10; i++) socket.write(frames);
      socket.write(frameOf(OPCODE.ping, 'all'));
    };
    const [read, heard] = [Promise.withResolvers<string>(), Promise.withResolvers<string | Buffer>()];
    const before = await measureLiveHeap();
    const { opened } = openSocket(server.port, { onEvent: read.resolve, onMessage: heard.resolve });
    const { socket } = await opened;
    assert.equal(await read.promise, 'ping 3');
    const grown = (await measureLiveHeap()) - before;
    assert.ok(grown < 10_000_000, `${grown} octets for 500,000 frames of nothing`);
    peer.write(frameOf(OPCODE.continuation, 'b'));
    assert.equal(await heard.promise, 'ab');
    socket.leave();
  });

  test('in a hundred thousand frames of one octet is put together in order, and binary ones are the listener’s own', async () => {
    const text = Buffer.from(Array.from({ length: 100_000 }, (_, i) => 97 + (i % 26)));
    const frames = [...text].map((octet, i) =>
      frameOf(i === 0 ? OPCODE.binary : OPCODE.continuation, Buffer.of(octet), { final: i === text.length - 1 }),
    );
    server.onSocket = (socket) => {
      socket.write(Buffer.concat(frames));
      socket.write(frameOf(OPCODE.binary, Buffer.alloc(100, 0x21)));
    };
    const heard: Buffer[] = [];
    const { opened } = openSocket(server.port, { onMessage: (data) => heard.push(data as Buffer) });
    const { socket } = await opened;
    await until(() => heard.length === 2);
    assert.ok(heard[0]!.equals(text));
    socket.leave();
  });

  test('over the limit is refused with 1009 at the frame that goes over it, not at its end', async () => {
    const frames = Promise.withResolvers<ReturnType<typeof readClientFrames>>();
    const half = Buffer.alloc(600);
    server.onSocket = (socket) => {
      void framesOf(socket).then(frames.resolve);
      socket.write(frameOf(OPCODE.binary, half, { final: false }));
      // Its head alone: what it announces will never come.
      socket.write(frameOf(OPCODE.continuation, half, { final: false }).subarray(0, 4));
      socket.write(half);
    };
    const { ended } = openSocket(server.port, { messageOctets: 1000 });
    const end = await ended;
    assert.deepEqual([end.code, end.wasClean, end.error?.code], [1006, false, 1702]);
    assert.equal(closeCodeOf((await frames.promise).at(-1)), 1009);
  });

  test('exactly of the limit is taken, in one frame or in many, packed or not', async () => {
    const whole = Buffer.alloc(1000, 0x61);
    server.onSocket = (socket) => {
      socket.write(frameOf(OPCODE.text, whole));
      socket.write(frameOf(OPCODE.text, whole.subarray(0, 999), { final: false }));
      socket.write(frameOf(OPCODE.continuation, whole.subarray(999)));
      socket.write(frameOf(OPCODE.text, packed(whole), { reserved: 4 }));
      socket.write(frameOf(OPCODE.text, packed(Buffer.alloc(1001, 0x61)), { reserved: 4 }));
    };
    const heard: (string | Buffer)[] = [];
    const { ended } = openSocket(server.port, {
      messageOctets: 1000,
      compression: true,
      onMessage: (data) => heard.push(data),
    });
    assert.equal((await ended).error?.code, 1702);
    assert.deepEqual(heard, Array(3).fill(whole.toString()));
  });

  test('that announces more than there can be, or than may come, is refused by its head', async () => {
    const head = (length: bigint): Buffer => {
      const bytes = Buffer.alloc(10);
      bytes[0] = 0x82;
      bytes[1] = 127;
      bytes.writeBigUInt64BE(length, 2);
      return bytes;
    };
    for (const [length, code] of [
      [2n ** 63n, 1902],
      [2n ** 53n, 1902],
      [2n ** 53n - 1n, 1702],
      [2n ** 20n + 1n, 1702],
    ] as const) {
      server.onSocket = (socket) => socket.write(head(length));
      assert.equal((await openSocket(server.port).ended).error?.code, code, String(length));
    }
  });
});

describe('pings', () => {
  test('of a server that reads no answer pile up nothing, and the last is answered once it reads', async () => {
    const count = 200_000;
    let peer!: net.Socket;
    const frames = Promise.withResolvers<ReturnType<typeof readClientFrames>>();
    server.onSocket = (socket) => {
      peer = socket;
      socket.pause();
      const pings = Buffer.concat(
        Array.from({ length: 1000 }, (_, i) => frameOf(OPCODE.ping, String(i).padEnd(120, '.'))),
      );
      for (let i = 0; i < count / 1000; i++) socket.write(pings);
      socket.write(frameOf(OPCODE.ping, 'the last'));
    };
    let heard = 0;
    const { opened } = openSocket(server.port, {
      onEvent(event) {
        if (event.startsWith('ping')) heard++;
      },
    });
    const { socket } = await opened;
    await until(() => heard === count + 1);
    assert.ok(socket.queued < 4_000_000, `${socket.queued} octets of answers wait`);
    void framesOf(peer).then(frames.resolve);
    await until(() => socket.queued === 0);
    socket.leave();
    const said = await frames.promise;
    assert.equal(said.at(-2)?.payload.toString(), 'the last');
    assert.equal(closeCodeOf(said.at(-1)), 1001);
    assert.ok(said.length < count);
  });

  test('between the frames of a message are answered before it is complete, with what they carry', async () => {
    const frames = Promise.withResolvers<ReturnType<typeof readClientFrames>>();
    server.onSocket = (socket) => {
      void framesOf(socket).then(frames.resolve);
      socket.write(frameOf(OPCODE.text, 'a', { final: false }));
      socket.write(frameOf(OPCODE.ping, Buffer.alloc(125, 7)));
      socket.write(frameOf(OPCODE.ping, ''));
      socket.write(frameOf(OPCODE.continuation, 'b'));
    };
    const heard = Promise.withResolvers<string | Buffer>();
    const { opened } = openSocket(server.port, { onMessage: heard.resolve });
    const { socket } = await opened;
    assert.equal(await heard.promise, 'ab');
    socket.leave();
    assert.deepEqual(
      (await frames.promise).slice(0, 2).map(({ opcode, payload }) => [opcode, payload.length]),
      [
        [OPCODE.pong, 125],
        [OPCODE.pong, 0],
      ],
    );
  });
});
