import type { Resend } from '../net/resend.ts';
import { reportStrayFailure } from '../net/unexpected.ts';
import type { WireError } from '../net/wire-error.ts';
import type { ResponseHead } from './header-section.ts';
import type { HeaderBlock } from './hpack/encoder.ts';
import type { HeaderField } from './hpack/header-field.ts';

/** What a request hears of its answer. After `onEnd` or `onError` – one of them, once – it hears nothing more. */
export interface StreamHandler {
  /**
   * The final headers. The list may be shared with other answers: do not change it.
   * @param head what they come to; the same object for answers that are the same
   */
  onHeaders(fields: readonly HeaderField[], status: number, endStream: boolean, head: ResponseHead): void;
  /** A part of the body; `chunk` is valid only during the call. */
  onData(chunk: Buffer): void;
  onTrailers(fields: readonly HeaderField[]): void;
  /** The answer is complete. */
  onEnd(): void;
  onError(error: WireError, retry: Resend): void;
  /**
   * The first octet of the request, which was opened with `askedAt` and had not to wait for a place, is about to be handed to the socket.
   * @param now what the clock says (`performance.now()`)
   */
  onSending?(now: number): void;
  /** The last octet of the request was handed to the socket. */
  onSent?(): void;
  /** What was queued by {@link Http2Stream.write} has shrunk to a quarter of the limit. */
  onWritable?(): void;
}

/** A message that writes itself into the connection's buffer: at most `maxLength` octets at `offset`. */
export interface SelfEncoding {
  readonly maxLength: number;
  /** @returns the position behind what was written */
  encodeInto(buffer: Buffer, offset: number): number;
}

/** Octets queued on a stream beyond which {@link Http2Stream.write} asks to wait. */
export const WRITE_QUEUE_LIMIT = 64 * 1024;

/** What a stream asks of its connection. */
export interface StreamOwner {
  /** A stream has something to send. */
  scheduleSender(stream: Http2Stream): void;
  /** Gives a request up with RST_STREAM. */
  cancel(stream: Http2Stream, http2Error?: number): void;
  /** Returns window for what a stream's handler is done with. */
  credit(stream: Http2Stream, octets: number): void;
}

/** One request and its answer. Made by {@link Http2Connection.open}. */
export class Http2Stream {
  readonly #owner: StreamOwner;
  readonly handler: StreamHandler;
  /** 0 while it waits for a place on the connection. */
  id = 0;
  /** @internal */ readonly block: HeaderBlock;
  /** @internal What a HEAD request gets has no body, whatever its headers say. */ readonly bodiless: boolean;
  /** @internal */ sendWindow = 0;
  /** @internal */ receiveLeft = 0;
  /** @internal Octets that the handler is done with and that were not returned to the peer. */ owed = 0;
  /** @internal Octets that came while the handler had paused. */ held = 0;
  /** @internal */ paused = false;
  /** @internal */ queue: Uint8Array[] = [];
  /** @internal Octets of the first chunk that have been sent. */ sentOfFirst = 0;
  /** @internal */ queued = 0;
  /** @internal END_STREAM follows the queue. */ ending = false;
  /** @internal The list of senders has it. */ scheduled = false;
  /** @internal */ localClosed = false;
  /** @internal */ remoteClosed = false;
  /** @internal Final headers have come. */ answered = false;
  /** @internal */ closed = false;
  /** @internal The writer was told to wait. */ writerWaits = false;
  /** @internal */ expectedLength = -1;
  /** @internal */ receivedLength = 0;

  constructor(owner: StreamOwner, handler: StreamHandler, block: HeaderBlock, bodiless: boolean) {
    this.#owner = owner;
    this.handler = handler;
    this.block = block;
    this.bodiless = bodiless;
  }

  /** Whether anything can still happen on it. */
  get open(): boolean {
    return !this.closed;
  }

  /** Octets that wait for the peer's windows. */
  get writableLength(): number {
    return this.queued;
  }

  /**
   * Queues octets of the body, which must not be changed afterwards.
   * @returns false: wait for `onWritable` before writing more
   */
  write(bytes: Uint8Array): boolean {
    if (this.closed || this.ending || bytes.length === 0) return true;
    this.queue.push(bytes);
    this.queued += bytes.length;
    this.#owner.scheduleSender(this);
    this.writerWaits = this.queued > WRITE_QUEUE_LIMIT;
    return !this.writerWaits;
  }

  /** Ends the body. */
  end(): void {
    if (this.closed || this.ending) return;
    this.ending = true;
    this.#owner.scheduleSender(this);
  }

  /** Gives the request up with RST_STREAM; the handler hears no more. */
  cancel(http2Error?: number): void {
    this.#owner.cancel(this, http2Error);
  }

  /** @internal The connection ends it. A handler that throws must not keep the other streams from hearing of the end. */
  fail(error: WireError, retry: Resend): void {
    if (this.closed) return;
    this.closed = true;
    try {
      this.handler.onError(error, retry);
    } catch (thrown) {
      reportStrayFailure(thrown);
    }
  }

  /** @internal Nothing of it is sent any more. */
  discard(): void {
    this.closed = true;
    this.queue = [];
    this.queued = 0;
  }

  /** @internal What the answer's length has against its content-length; null: nothing. */
  lengthFault(): string | null {
    if (this.expectedLength < 0 || this.expectedLength === this.receivedLength) return null;
    return `content-length says ${this.expectedLength} octets, ${this.receivedLength} came`;
  }

  /** Stops returning window to the peer: after what it may still send, it has to wait. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    const { held } = this;
    this.held = 0;
    if (held > 0 && !this.closed) this.#owner.credit(this, held);
  }
}
