import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Connection } from '../net/connection.ts';
import { FrameOutput } from './frame-output.ts';
import { FrameReader } from './frame-reader.ts';
import { DATA, FRAME_HEADER, GOAWAY, HEADERS, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE } from './protocol.ts';

type Cut = [type: number, flags: number, id: number, payload: string];

/** Reads the chunks, each from a buffer that is overwritten afterwards. */
function read(chunks: readonly Buffer[], maxFrameSize = 16_384, until = Number.POSITIVE_INFINITY) {
  const frames: Cut[] = [];
  let oversized = -1;
  const reader = new FrameReader(
    maxFrameSize,
    (type, flags, id, bytes, start, end) => {
      frames.push([type, flags, id, bytes.toString('latin1', start, end)]);
      return frames.length < until;
    },
    (length) => {
      assert.equal(oversized, -1, 'said once');
      oversized = length;
    },
  );
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk);
    reader.read(lent);
    lent.fill(0xee);
  }
  return { frames, oversized, incomplete: reader.incomplete };
}

/** One of each kind, with the borders of ids and sizes. */
function sample(): { bytes: Buffer; frames: Cut[] } {
  const output = new FrameOutput();
  output.addSettings([
    [4, 0x7fff_ffff],
    [0xffff, 0xffff_ffff],
  ]);
  output.addSettingsAck();
  output.addPing(true, Buffer.from('12345678'));
  output.addWindowUpdate(0x7fff_ffff, 0x7fff_ffff);
  output.addReset(1, 0xffff_ffff);
  output.addGoaway(0x7fff_ffff, 11, 'grüße');
  output.addFrame(DATA, 1, 3, Buffer.alloc(0), 0, 0);
  output.addFrame(HEADERS, 5, 5, Buffer.from('abcdef'), 2, 4);
  output.addFrame(0xff, 0xff, 0x100_0001, Buffer.alloc(300, 'x'), 0, 300);
  const bytes = Buffer.from(output.bytes.subarray(0, output.length));
  output.discard();
  return {
    bytes,
    frames: [
      [SETTINGS, 0, 0, '\0\x04\x7f\xff\xff\xff\xff\xff\xff\xff\xff\xff'],
      [SETTINGS, 1, 0, ''],
      [PING, 1, 0, '12345678'],
      [WINDOW_UPDATE, 0, 0x7fff_ffff, '\x7f\xff\xff\xff'],
      [RST_STREAM, 0, 1, '\xff\xff\xff\xff'],
      [GOAWAY, 0, 0, `\x7f\xff\xff\xff\0\0\0\x0b${Buffer.from('grüße').toString('latin1')}`],
      [DATA, 1, 3, ''],
      [HEADERS, 5, 5, 'cd'],
      [0xff, 0xff, 0x100_0001, 'x'.repeat(300)],
    ],
  };
}

describe('frames', () => {
  it('that are written are read again, cut in two or three at any octet, or octet by octet', () => {
    const { bytes, frames } = sample();
    assert.deepEqual(read([bytes]), { frames, oversized: -1, incomplete: false });
    for (let first = 0; first <= bytes.length; first++) {
      assert.deepEqual(read([bytes.subarray(0, first), bytes.subarray(first)]).frames, frames, `cut at ${first}`);
      const second = Math.min(bytes.length, first + (first % 23));
      assert.deepEqual(
        read([bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)]).frames,
        frames,
      );
    }
    assert.deepEqual(read([...bytes].map((octet) => Buffer.of(octet))).frames, frames);
  });

  it('have an id of 31 bits: the reserved one is ignored', () => {
    const bytes = Buffer.from('00000000 00 ffffffff'.replaceAll(' ', ''), 'hex');
    assert.deepEqual(read([bytes]).frames, [[0, 0, 0x7fff_ffff, '']]);
    assert.deepEqual(read([bytes.subarray(0, 8), bytes.subarray(8)]).frames, [[0, 0, 0x7fff_ffff, '']]);
  });

  it('wait for their rest, and say so', () => {
    const { bytes } = sample();
    for (const size of [1, FRAME_HEADER - 1, FRAME_HEADER, FRAME_HEADER + 11])
      assert.deepEqual(read([bytes.subarray(0, size)]), { frames: [], oversized: -1, incomplete: true }, `${size}`);
    assert.equal(read([]).incomplete, false);
  });

  it('of exactly the most octets are read, of one more are reported once, whole or in pieces, and nothing behind them', () => {
    const header = (size: number): Buffer => Buffer.from([size >> 16, size >> 8, size, DATA, 0, 0, 0, 0, 1]);
    const most = Buffer.concat([header(20), Buffer.alloc(20, 'm')]);
    const over = Buffer.concat([header(21), Buffer.alloc(21, 'o')]);
    const stream = Buffer.concat([most, over, most]);
    for (let cut = 0; cut <= stream.length; cut++) {
      const { frames, oversized } = read([stream.subarray(0, cut), stream.subarray(cut), most], 20);
      assert.deepEqual([frames, oversized], [[[DATA, 0, 1, 'm'.repeat(20)]], 21], `cut at ${cut}`);
    }
    assert.equal(read([header(0xff_ffff)]).oversized, 0xff_ffff);
  });

  it('are read no further once the receiver says so', () => {
    const { bytes, frames } = sample();
    for (const cut of [bytes.length, 5, 30]) {
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut), bytes];
      assert.deepEqual(read(chunks, 16_384, 2).frames, frames.slice(0, 2));
    }
  });
});

describe('output', () => {
  /** What a connection would be handed. */
  function sink(): { connection: Connection; writes: Buffer[] } {
    const writes: Buffer[] = [];
    const connection = { write: (data: Buffer) => writes.push(data) > 0 } as unknown as Connection;
    return { connection, writes };
  }

  it('that was handed over keeps its octets, while the buffer goes on to others', () => {
    const { connection, writes } = sink();
    const [one, two] = [new FrameOutput(), new FrameOutput()];
    for (const size of [10, 3000, 4096, 20_000]) {
      for (const [at, output] of [one, two].entries()) {
        output.addRaw(Buffer.alloc(size, `${at}`));
        output.flush(connection);
        assert.equal(output.length, 0);
      }
    }
    assert.deepEqual(
      writes.map((bytes) => [bytes.length, bytes[0], bytes.at(-1)]),
      [10, 10, 3000, 3000, 4096, 4096, 20_000, 20_000].map((size, at) => [size, 48 + (at % 2), 48 + (at % 2)]),
    );
    assert.equal(one.flush(connection), true);
    assert.equal(writes.length, 8, 'nothing is not written');
  });

  it('grows around what is there', () => {
    const output = new FrameOutput();
    let expected = '';
    for (let size = 1; size < 3000; size = Math.ceil(size * 1.7)) {
      output.addRaw(Buffer.alloc(size, String.fromCharCode(97 + (size % 26))));
      expected += String.fromCharCode(97 + (size % 26)).repeat(size);
    }
    assert.equal(output.bytes.toString('latin1', 0, output.length), expected);
    output.discard();
    assert.equal(output.length, 0);
  });
});
