// The Autobahn cases, against the reader alone in pieces of every length, and against a socket with the server's side of the closing handshake.
import assert from 'node:assert/strict';
import type net from 'node:net';
import { after, before, test } from 'node:test';
import { AUTOBAHN_CASES, type AutobahnCase } from './autobahn-cases.fixture.ts';
import { MessageReader } from './message-reader.ts';
import { closeCodeOf, openSocket, readClientFrames, ScriptedServer } from './scripted-server.fixture.ts';

const LIMIT = 2 << 20;

/** What the reader says of the bytes, in pieces of `size` octets. */
function read({ bytes, compression = false }: AutobahnCase, size: number): Promise<string[]> {
  return new Promise((resolve) => {
    const events: string[] = [];
    const end = (event: string): void => {
      events.push(event);
      // Were anything heard after the end, it would come within this turn or the next.
      setImmediate(resolve, events);
    };
    const reader = new MessageReader(
      {
        onText: (text) => events.push(`text ${Buffer.byteLength(text)}`),
        onBinary: (data) => events.push(`binary ${data.length}`),
        onPing: (payload) => events.push(`ping ${payload.length}`),
        onPong: (payload) => events.push(`pong ${payload.length}`),
        onCloseFrame: (code) => end(`close ${code}`),
        onReadError: ({ closeCode }) => end(`fault ${closeCode}`),
        onBusy: () => {},
        onReady: () => {},
      },
      LIMIT,
      compression,
    );
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  });
}

test('the reader hears what Autobahn sends, in pieces of any length', async () => {
  for (const each of AUTOBAHN_CASES) {
    for (const size of each.bytes.length < 5000 ? [1, 2, 3, 7, 64, 1 << 30] : [1021, 65_536, 1 << 30])
      assert.deepEqual(await read(each, size), each.events, `${each.id}, in pieces of ${size}`);
  }
});

let server: ScriptedServer;
before(async () => {
  server = await ScriptedServer.start();
});
after(() => server.close());

test('a socket answers Autobahn: pongs with their payload, then one close frame with the right code', async () => {
  for (const { id, bytes, events, compression = false } of AUTOBAHN_CASES) {
    const heard: string[] = [];
    let received = Buffer.alloc(0);
    const peerDone = new Promise<void>((resolve) => {
      server.onSocket = (socket: net.Socket) => {
        socket.on('data', (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
        });
        socket.on('end', () => socket.end());
        socket.on('close', () => resolve());
        socket.write(bytes);
      };
    });
    const { ended } = openSocket(server.port, {
      compression,
      messageOctets: LIMIT,
      onEvent: (event) => heard.push(event),
    });
    const end = await ended;
    await peerDone;
    const last = events.at(-1) as string;
    assert.deepEqual(heard, events.slice(0, -1), id);
    const frames = readClientFrames(received);
    const expected = last.split(' ');
    assert.equal(closeCodeOf(frames.at(-1)), Number(expected[1]), id);
    assert.equal(frames.filter(({ opcode }) => opcode === 8).length, 1, id);
    assert.equal(
      frames.filter(({ opcode }) => opcode === 10).length,
      events.filter((event) => event.startsWith('ping')).length,
      id,
    );
    if (expected[0] === 'fault') {
      assert.equal(end.code, 1006, id);
      assert.equal(end.wasClean, false, id);
      assert.equal(end.error?.code, expected[1] === '1009' ? 1702 : 1902, id);
    } else {
      assert.equal(end.code, Number(expected[1]), id);
      assert.equal(end.wasClean, true, id);
      assert.equal(end.error, null, id);
    }
  }
});
