import type { Connection } from '../net/connection.ts';
import { FRAME_HEADER, GOAWAY, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE } from './protocol.ts';

/** Buffers in which the frames of one turn are gathered. They go round among all connections of the thread. */
const STAGE_SIZE = 4096;
const MAX_SPARE_STAGES = 64;
const spareStages: Buffer[] = [];
const NOTHING = Buffer.alloc(0);

/** What a connection is about to send: frames are written behind each other and leave in one write. */
export class FrameOutput {
  /** Write at `length`, after {@link reserve}. */
  bytes: Buffer = NOTHING;
  length = 0;

  /** Makes room for `more` octets behind what is there. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    if (this.bytes.length === 0 && needed <= STAGE_SIZE) {
      this.bytes = spareStages.pop() ?? Buffer.allocUnsafeSlow(STAGE_SIZE);
      return;
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2, STAGE_SIZE * 4));
    this.bytes.copy(grown, 0, 0, this.length);
    this.#giveBack();
    this.bytes = grown;
  }

  #giveBack(): void {
    if (this.bytes.length === STAGE_SIZE && spareStages.length < MAX_SPARE_STAGES) spareStages.push(this.bytes);
    this.bytes = NOTHING;
  }

  /** Hands everything to the connection. @returns false when it wants to be waited for */
  flush(connection: Connection): boolean {
    if (this.length === 0) return true;
    const { bytes, length } = this;
    this.length = 0;
    if (bytes.length !== STAGE_SIZE) {
      // A buffer that had to grow is given away, a stage is copied from: it goes round, and a write owns its bytes.
      this.bytes = NOTHING;
      return connection.write(bytes.subarray(0, length));
    }
    const copy = Buffer.allocUnsafe(length);
    bytes.copy(copy, 0, 0, length);
    this.#giveBack();
    return connection.write(copy);
  }

  discard(): void {
    this.length = 0;
    this.#giveBack();
  }

  /** Writes a frame's header at a position that has been reserved. */
  putHeader(at: number, size: number, type: number, flags: number, streamId: number): void {
    const { bytes } = this;
    bytes[at] = size >>> 16;
    bytes[at + 1] = (size >>> 8) & 0xff;
    bytes[at + 2] = size & 0xff;
    bytes[at + 3] = type;
    bytes[at + 4] = flags;
    bytes[at + 5] = streamId >>> 24;
    bytes[at + 6] = (streamId >>> 16) & 0xff;
    bytes[at + 7] = (streamId >>> 8) & 0xff;
    bytes[at + 8] = streamId & 0xff;
  }

  #begin(size: number, type: number, flags: number, streamId: number): number {
    this.reserve(FRAME_HEADER + size);
    const at = this.length;
    this.putHeader(at, size, type, flags, streamId);
    this.length = at + FRAME_HEADER + size;
    return at + FRAME_HEADER;
  }

  addRaw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  addSettings(settings: readonly (readonly [id: number, value: number])[]): void {
    let at = this.#begin(settings.length * 6, SETTINGS, 0, 0);
    for (const [id, value] of settings) {
      at = this.bytes.writeUInt16BE(id, at);
      at = this.bytes.writeUInt32BE(value, at);
    }
  }

  addSettingsAck(): void {
    this.#begin(0, SETTINGS, 1, 0);
  }

  addPing(ack: boolean, payload: Uint8Array): void {
    const at = this.#begin(8, PING, ack ? 1 : 0, 0);
    this.bytes.set(payload, at);
  }

  addWindowUpdate(streamId: number, increment: number): void {
    const at = this.#begin(4, WINDOW_UPDATE, 0, streamId);
    this.bytes.writeUInt32BE(increment, at);
  }

  addReset(streamId: number, error: number): void {
    const at = this.#begin(4, RST_STREAM, 0, streamId);
    this.bytes.writeUInt32BE(error, at);
  }

  addGoaway(lastStreamId: number, error: number, debug: string): void {
    const text = Buffer.from(debug, 'utf8');
    const at = this.#begin(8 + text.length, GOAWAY, 0, 0);
    this.bytes.writeUInt32BE(lastStreamId, at);
    this.bytes.writeUInt32BE(error, at + 4);
    text.copy(this.bytes, at + 8);
  }

  /** One frame of any type with a payload that is at hand. */
  addFrame(type: number, flags: number, streamId: number, payload: Uint8Array, start: number, end: number): void {
    const at = this.#begin(end - start, type, flags, streamId);
    if (start === 0 && end === payload.length) this.bytes.set(payload, at);
    else this.bytes.set(payload.subarray(start, end), at);
  }
}
