// The fastest gRPC server that fits on a page, for measurements only: it answers every call with the same bytes, written once.
// It knows as much of HTTP/2 as its clients need: SETTINGS, PING, and when a request ends. No flow control: an answer has 30
// bytes, and at most a few are under way on a connection.
import net from 'node:net';

const PREFACE_BYTES = 24;
const HEADER_BYTES = 9;
const TYPE = { data: 0, headers: 1, settings: 4, ping: 6, windowUpdate: 8 } as const;
const FLAG = { ack: 1, endStream: 1, endHeaders: 4 } as const;

function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const out = Buffer.alloc(HEADER_BYTES + payload.length);
  out.writeUIntBE(payload.length, 0, 3);
  out[3] = type;
  out[4] = flags;
  out.writeUInt32BE(stream, 5);
  out.set(payload, HEADER_BYTES);
  return out;
}

/** A header as HPACK literal without indexing, with a new name. */
const literal = (name: string, value: string) =>
  Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);

const comment = Buffer.from('fine');
const message = Buffer.concat([Buffer.from([0x08, 4, 0x12, comment.length]), comment]);
const prefix = Buffer.from([0, 0, 0, 0, message.length]);
/** 0x88 is ":status: 200". */
const headers = Buffer.concat([Buffer.from([0x88]), literal('content-type', 'application/grpc')]);
const parts = [
  frame(TYPE.headers, FLAG.endHeaders, 0, headers),
  frame(TYPE.data, 0, 0, Buffer.concat([prefix, message])),
  frame(TYPE.headers, FLAG.endHeaders | FLAG.endStream, 0, literal('grpc-status', '0')),
];
const answer = Buffer.concat(parts);
/** Where the stream numbers stand in the answer. */
const streamOffsets = [0, parts[0]!.length, parts[0]!.length + parts[1]!.length].map((start) => start + 5);

const largeWindow = Buffer.alloc(4);
largeWindow.writeUInt32BE(2 ** 30);
const greeting = Buffer.concat([frame(TYPE.settings, 0, 0), frame(TYPE.windowUpdate, 0, 0, largeWindow)]);
const settingsAck = frame(TYPE.settings, FLAG.ack, 0);

/** Reads what one connection sends; all that one read asks for leaves in one write. */
function serve(socket: net.Socket): void {
  let rest: Buffer = Buffer.alloc(0);
  let skip = PREFACE_BYTES;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.write(greeting);
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const out: Buffer[] = [];
    if (skip > 0) {
      const dropped = Math.min(skip, bytes.length);
      bytes = bytes.subarray(dropped);
      skip -= dropped;
    }
    let at = 0;
    while (skip === 0 && bytes.length - at >= HEADER_BYTES) {
      const length = bytes.readUIntBE(at, 3);
      const end = at + HEADER_BYTES + length;
      if (end > bytes.length) break;
      const type = bytes[at + 3];
      const flags = bytes[at + 4]!;
      if (type === TYPE.settings && !(flags & FLAG.ack)) out.push(settingsAck);
      else if (type === TYPE.ping && !(flags & FLAG.ack))
        out.push(frame(TYPE.ping, FLAG.ack, 0, bytes.subarray(at + HEADER_BYTES, end)));
      else if ((type === TYPE.data || type === TYPE.headers) && flags & FLAG.endStream)
        out.push(answerFor(bytes.readUInt32BE(at + 5)));
      at = end;
    }
    rest = Buffer.from(bytes.subarray(at));
    if (out.length > 0) socket.write(out.length === 1 ? out[0]! : Buffer.concat(out));
  });
}

function answerFor(stream: number): Buffer {
  const out = Buffer.from(answer);
  for (const offset of streamOffsets) out.writeUInt32BE(stream, offset);
  return out;
}

const server = net.createServer(serve);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port));
process.on('disconnect', () => process.exit());
