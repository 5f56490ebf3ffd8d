import { performance } from 'node:perf_hooks';
import type { Connection } from '../net/connection.ts';
import { type Flushable, scheduleFlush } from '../net/flush-schedule.ts';
import type { FloodGuard } from './flood-guard.ts';
import { FrameOutput } from './frame-output.ts';
import { HpackEncoder } from './hpack/encoder.ts';
import type { PeerSettings } from './peer-settings.ts';
import {
  CONTINUATION,
  DATA,
  DEFAULT_WINDOW,
  END_HEADERS,
  END_STREAM,
  FRAME_HEADER,
  HEADERS,
  MAX_WINDOW,
} from './protocol.ts';
import { type Http2Stream, type SelfEncoding, WRITE_QUEUE_LIMIT } from './stream.ts';

/** Octets of DATA gathered before they are handed to the socket. */
const WRITE_AT_ONCE = 128 * 1024;
/** Octets that may wait for a peer that does not read. */
const MAX_UNREAD_OUTPUT = 4 * 1024 * 1024;

/** What a connection sends: header blocks, bodies under both windows with the streams taking turns, and when it leaves. */
export class Sender implements Flushable {
  readonly output = new FrameOutput();
  readonly encoder = new HpackEncoder();
  /** What the peer lets us send on the connection. */
  window = DEFAULT_WINDOW;
  /** The last stream whose head was handed to the socket; 0: none. What comes behind it cannot have been seen. */
  lastSeen = 0;
  readonly #connection: Connection;
  readonly #peer: PeerSettings;
  readonly #flood: FloodGuard;
  readonly #onUnread: () => void;
  /** Streams with something to send, in turn. */
  readonly #senders: Http2Stream[] = [];
  /** Streams whose heads leave with the next write, and whose handlers want to know when. */
  #heads: Http2Stream[] = [];
  /** Streams whose handlers want to know when the next write has been made. */
  #sent: Http2Stream[] = [];
  #lastHead = 0;
  #writable = true;
  #stopped = false;
  #scheduled = false;

  /** @param onUnread the peer makes us answer and does not read the answers */
  constructor(connection: Connection, peer: PeerSettings, flood: FloodGuard, onUnread: () => void) {
    this.#connection = connection;
    this.#peer = peer;
    this.#flood = flood;
    this.#onUnread = onUnread;
  }

  /** The peer takes more on the connection. @returns whether it may: a window has a limit (RFC 9113 section 6.9.1) */
  widen(increment: number): boolean {
    this.window += increment;
    if (this.window > MAX_WINDOW) return false;
    if (this.#senders.length > 0) this.flushSoon();
    return true;
  }

  /** The peer takes more on a stream. @returns whether it may */
  widenStream(stream: Http2Stream, increment: number): boolean {
    stream.sendWindow += increment;
    if (stream.sendWindow > MAX_WINDOW) return false;
    if (stream.queued > 0) this.schedule(stream);
    return true;
  }

  /**
   * A new INITIAL_WINDOW_SIZE holds for streams that are open, too; their windows may become negative (RFC 9113 section 6.9.2).
   * @returns false where one would exceed its limit
   */
  shiftWindows(streams: Iterable<Http2Stream>, delta: number): boolean {
    for (const stream of streams) if (!this.widenStream(stream, delta)) return false;
    return true;
  }

  /**
   * Sends the head of a stream that has got its id.
   * @param now what the clock said just now (`performance.now()`), if the caller has asked it
   */
  sendHeaders(stream: Http2Stream, endStream: boolean, now?: number): void {
    const { id } = stream;
    const output = this.output;
    output.reserve(FRAME_HEADER + stream.block.maxLength);
    const at = output.length;
    const end = this.encoder.encode(stream.block, output.bytes, at + FRAME_HEADER);
    const size = end - at - FRAME_HEADER;
    if (size <= this.#peer.maxFrameSize) {
      output.putHeader(at, size, HEADERS, endStream ? END_HEADERS | END_STREAM : END_HEADERS, id);
      output.length = end;
    } else this.#splitBlock(Buffer.from(output.bytes.subarray(at + FRAME_HEADER, end)), id, endStream);
    this.#lastHead = id;
    if (now !== undefined && stream.handler.onSending !== undefined) this.#heads.push(stream);
    if (endStream) this.#markSent(stream);
    this.flushSoon(now);
  }

  /** Queues a body that cannot be sent yet. */
  enqueue(stream: Http2Stream, body: Uint8Array | SelfEncoding): void {
    const bytes = body instanceof Uint8Array ? body : encodeAlone(body);
    if (bytes.length === 0) return;
    stream.queue.push(bytes);
    stream.queued += bytes.length;
  }

  #splitBlock(block: Buffer, id: number, endStream: boolean): void {
    const { maxFrameSize } = this.#peer;
    for (let at = 0; at < block.length; at += maxFrameSize) {
      const end = Math.min(at + maxFrameSize, block.length);
      const flags = (end === block.length ? END_HEADERS : 0) | (at === 0 && endStream ? END_STREAM : 0);
      this.output.addFrame(at === 0 ? HEADERS : CONTINUATION, flags, id, block, at, end);
    }
  }

  /** Straight into the output when the windows admit all of it, else by way of the stream's queue. */
  sendBody(stream: Http2Stream, body: Uint8Array | SelfEncoding, endStream: boolean): void {
    const most = body instanceof Uint8Array ? body.length : body.maxLength;
    const room = Math.min(stream.sendWindow, this.window, this.#peer.maxFrameSize);
    if (most > room || this.output.length + most > WRITE_AT_ONCE || !this.#writable) {
      this.enqueue(stream, body);
      stream.ending = endStream;
      this.schedule(stream);
      return;
    }
    const output = this.output;
    output.reserve(FRAME_HEADER + most);
    const at = output.length;
    let end = at + FRAME_HEADER;
    if (body instanceof Uint8Array) {
      output.bytes.set(body, end);
      end += body.length;
    } else end = body.encodeInto(output.bytes, end);
    const size = end - at - FRAME_HEADER;
    output.putHeader(at, size, DATA, endStream ? END_STREAM : 0, stream.id);
    output.length = end;
    stream.sendWindow -= size;
    this.window -= size;
    stream.ending = endStream;
    if (endStream) this.#markSent(stream);
  }

  #markSent(stream: Http2Stream): void {
    stream.localClosed = true;
    stream.ending = true;
    if (stream.handler.onSent !== undefined) this.#sent.push(stream);
  }

  /** A stream has something to send. */
  schedule(stream: Http2Stream): void {
    if (stream.scheduled || stream.id === 0 || stream.closed || stream.localClosed) return;
    if (stream.queued > 0 && stream.sendWindow <= 0) return;
    stream.scheduled = true;
    this.#senders.push(stream);
    this.flushSoon();
  }

  /** Sends what the windows admit, a frame of each stream in turn. */
  #sendQueued(): void {
    const senders = this.#senders;
    let blocked: Http2Stream[] | null = null;
    while (senders.length > 0 && this.#writable) {
      const stream = senders.shift() as Http2Stream;
      if (stream.closed || stream.localClosed) {
        stream.scheduled = false;
        continue;
      }
      if (stream.queued > 0 && this.window <= 0) {
        // It keeps its turn until the connection's window opens; who only wants to end need not wait for that.
        blocked ??= [];
        blocked.push(stream);
        continue;
      }
      this.#sendFrame(stream);
      if (!stream.localClosed && stream.sendWindow > 0 && stream.queued > 0) senders.push(stream);
      else stream.scheduled = false;
      if (this.output.length >= WRITE_AT_ONCE) this.#writable = this.#handOver();
    }
    if (blocked !== null) senders.unshift(...blocked);
  }

  #sendFrame(stream: Http2Stream): void {
    const output = this.output;
    const size = Math.min(stream.queued, stream.sendWindow, this.window, this.#peer.maxFrameSize);
    if (stream.queued > 0 && size <= 0) return;
    if (size === 0 && !stream.ending) return;
    output.reserve(FRAME_HEADER + size);
    const at = output.length;
    let to = at + FRAME_HEADER;
    let left = size;
    while (left > 0) {
      const chunk = stream.queue[0] as Uint8Array;
      const taken = Math.min(left, chunk.length - stream.sentOfFirst);
      output.bytes.set(chunk.subarray(stream.sentOfFirst, stream.sentOfFirst + taken), to);
      to += taken;
      left -= taken;
      stream.sentOfFirst += taken;
      if (stream.sentOfFirst === chunk.length) {
        stream.queue.shift();
        stream.sentOfFirst = 0;
      }
    }
    stream.queued -= size;
    stream.sendWindow -= size;
    this.window -= size;
    const end = stream.ending && stream.queued === 0;
    output.putHeader(at, size, DATA, end ? END_STREAM : 0, stream.id);
    output.length = to;
    this.#flood.progress();
    if (end) this.#markSent(stream);
    if (stream.writerWaits && stream.queued <= WRITE_QUEUE_LIMIT / 4) {
      stream.writerWaits = false;
      stream.handler.onWritable?.();
    }
  }

  /**
   * Flushes at the end of this turn of the event loop.
   * @param now as that of {@link sendHeaders}
   */
  flushSoon(now?: number): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    scheduleFlush(this, now);
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    if (this.#heads.length > 0) {
      const heads = this.#heads;
      this.#heads = [];
      const now = performance.now();
      for (const stream of heads) if (!stream.closed) stream.handler.onSending?.(now);
    }
    if (this.#senders.length > 0) this.#sendQueued();
    if (this.#writable) this.#writable = this.#handOver();
    else if (this.output.length > MAX_UNREAD_OUTPUT) {
      this.#onUnread();
      return;
    }
    if (this.#sent.length > 0) {
      const sent = this.#sent;
      this.#sent = [];
      for (const stream of sent) if (!stream.closed) stream.handler.onSent?.();
    }
  }

  /** @returns whether the socket takes more */
  #handOver(): boolean {
    this.lastSeen = this.#lastHead;
    return this.output.flush(this.#connection);
  }

  /** The socket takes more. */
  resume(): void {
    this.#writable = true;
    this.flush();
  }

  /** Hands over what there is, whatever the socket says: the connection is about to end. */
  finish(): void {
    this.#handOver();
    this.#stopped = true;
  }

  stop(): void {
    this.#stopped = true;
    this.output.discard();
  }
}

function encodeAlone(message: SelfEncoding): Uint8Array {
  const buffer = Buffer.allocUnsafe(message.maxLength);
  return buffer.subarray(0, message.encodeInto(buffer, 0));
}
