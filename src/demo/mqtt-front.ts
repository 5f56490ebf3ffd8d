import type { Socket } from 'node:net';

const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const PINGREQ = 12;
const DISCONNECT = 14;

const LARGEST_PACKET = 64 * 1024;
const FAILURE = 0x80;

/** What CONNECT is answered with, by the client's identifier (MQTT 3.1.1, section 3.2.2.3); null says nothing. */
const GREETINGS: Readonly<Record<string, Buffer | null>> = {
  'code-2300': Buffer.from([0x20, 2, 0, 3]),
  'code-2301': Buffer.from([0x20, 2, 0, 5]),
  'code-2304': Buffer.from('HTTP'),
  'code-2305': null,
};
const ACCEPTED = Buffer.from([0x20, 2, 0, 0]);

/** A broker that passes nothing on: clients named `code-2300` and the like are refused, and the topic `code/2302`. */
export function serveMqtt(socket: Socket): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const packet = readPacket(rest);
      if (packet === null) break;
      rest = rest.subarray(packet.length);
      answer(socket, packet.type, packet.flags, packet.body);
    }
    if (rest.length > LARGEST_PACKET) socket.destroy();
  });
}

interface Packet {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
  readonly length: number;
}

/** The first whole packet: its length is in groups of seven bits (section 2.2.3). */
function readPacket(bytes: Buffer): Packet | null {
  let size = 0;
  for (let at = 1; at < Math.min(bytes.length, 5); at++) {
    size |= (bytes[at]! & 0x7f) << (7 * (at - 1));
    if (bytes[at]! >= 0x80) continue;
    const length = at + 1 + size;
    if (bytes.length < length) return null;
    return { type: bytes[0]! >> 4, flags: bytes[0]! & 15, body: bytes.subarray(at + 1, length), length };
  }
  return null;
}

/** A text with its length before it; empty where there is none. */
function textAt(body: Buffer, at: number): string {
  return at + 2 > body.length ? '' : body.toString('utf8', at + 2, at + 2 + body.readUInt16BE(at));
}

function answer(socket: Socket, type: number, flags: number, body: Buffer): void {
  switch (type) {
    case CONNECT: {
      // Name of the protocol, level, flags and keep alive come before the client's identifier.
      const client = body.length < 2 ? '' : textAt(body, 2 + body.readUInt16BE(0) + 4);
      const greeting = Object.hasOwn(GREETINGS, client) ? GREETINGS[client] : ACCEPTED;
      if (greeting) socket.write(greeting);
      if (client === 'code-2303') socket.end();
      return;
    }
    case SUBSCRIBE:
      if (body.length >= 2)
        socket.write(Buffer.from([0x90, 3, body[0]!, body[1]!, textAt(body, 2) === 'code/2302' ? FAILURE : 0]));
      return;
    case PUBLISH: {
      if (body.length < 2) return;
      const at = 2 + body.readUInt16BE(0);
      // Only what has a quality of service has a number, and is acknowledged.
      if ((flags & 6) !== 0 && at + 2 <= body.length) socket.write(Buffer.from([0x40, 2, body[at]!, body[at + 1]!]));
      return;
    }
    case PINGREQ:
      socket.write(Buffer.from([0xd0, 0]));
      return;
    case DISCONNECT:
      socket.end();
  }
}
