import type { Http2Connection } from '../http2/connection.ts';
import type { HeaderBlock } from '../http2/hpack/encoder.ts';
import type { HeaderField } from '../http2/hpack/header-field.ts';
import type { Http2Stream } from '../http2/stream.ts';
import { type CallHost, GrpcCall } from './call.ts';
import type { CallResult } from './call-result.ts';
import { fromHeaderFields, type Metadata } from './metadata.ts';
import { NO_MESSAGE, TWO_MESSAGES, type Verdict, verdict } from './verdict.ts';

/** What a stream tells. All are optional; `onEnd` is the last and comes once. */
export interface ClientStreamHandlers {
  onHeaders?(headers: Metadata): void;
  /** The message is the handler's own. */
  onMessage?(message: Uint8Array): void;
  /** The server, the deadline or a failure has ended the call. */
  onEnd?(result: CallResult): void;
  /** {@link ClientStream.write} had asked to wait, and need not any more. */
  onWritable?(): void;
}

/** Octets kept so that a stream which no server has seen can be sent again. */
const MAX_KEPT = 256 * 1024;

/** One RPC of any of the four patterns: messages there and messages back, in order. Made by `Channel.stream`. */
export class ClientStream extends GrpcCall {
  handlers: ClientStreamHandlers;
  readonly #maxSendSize: number;
  /** What was written while the request may still have to be sent from its beginning; null when it is too much or too late. */
  #kept: Uint8Array[] | null = [];
  #keptLength = 0;
  readonly #singleReply: boolean;
  /** The one message of a method that sends one: it counts once the call has ended well. */
  #single: Uint8Array | null = null;
  #ended = false;
  #paused = false;
  /** What came while nobody wanted it: at most the stream's window, as the octets that came, since messages take far more. */
  #held: (Buffer | 'end')[] = [];

  constructor(
    host: CallHost,
    block: HeaderBlock,
    options: { timeoutMs: number | null; singleReply?: boolean },
    maxSendSize: number,
    handlers: ClientStreamHandlers,
  ) {
    super(host, block, options.timeoutMs);
    this.#singleReply = options.singleReply === true;
    this.#maxSendSize = maxSendSize;
    this.handlers = handlers;
  }

  /** Octets that were written and not sent. */
  get unsent(): number {
    return this.stream === null ? this.#keptLength : this.stream.writableLength;
  }

  /** Whether messages may still be written. */
  get writable(): boolean {
    return !this.over && !this.#ended;
  }

  /**
   * Queues a serialised message, which must not be changed afterwards. Ignored after the end of the call or of the writing.
   * @returns false: wait for `onWritable` before writing more
   */
  write(message: Uint8Array): boolean {
    if (!this.writable) return true;
    if (message.length > this.#maxSendSize) {
      this.abort(tooLargeToSend(message.length, this.#maxSendSize));
      return true;
    }
    const framed = Buffer.allocUnsafe(5 + message.length);
    framed[0] = 0;
    framed.writeUInt32BE(message.length, 1);
    framed.set(message, 5);
    if (this.#kept !== null) {
      this.#keptLength += framed.length;
      if (this.#keptLength > MAX_KEPT && this.stream !== null) this.#kept = null;
      else this.#kept.push(framed);
    }
    return this.stream === null ? this.#keptLength <= MAX_KEPT : this.stream.write(framed);
  }

  /** No more messages: half-closes the call. */
  end(): void {
    if (!this.writable) return;
    this.#ended = true;
    this.stream?.end();
  }

  /** Ends the call at once, with status CANCELLED; `onEnd` is called before this returns. */
  cancel(message = 'context canceled'): void {
    this.abort(verdict(1, message, 1030));
  }

  /**
   * Lets the server wait: after what its window admits, it cannot send more messages. Those of the frame in progress still come;
   * what comes behind it, the end included, is kept for {@link resume}.
   */
  pause(): void {
    this.#paused = true;
    this.stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    let at = 0;
    while (at < this.#held.length && !this.#paused && !this.over) {
      const next = this.#held[at++] as Buffer | 'end';
      if (next === 'end') super.onEnd();
      else super.onData(next);
    }
    this.#held.splice(0, at);
    if (!this.#paused) this.stream?.resume();
  }

  override onData(chunk: Buffer): void {
    if (this.#paused || this.#held.length > 0) this.#held.push(Buffer.from(chunk));
    else super.onData(chunk);
  }

  override onEnd(): void {
    if (this.#paused || this.#held.length > 0) this.#held.push('end');
    else super.onEnd();
  }

  protected get repeatable(): boolean {
    return this.#kept !== null;
  }

  protected send(connection: Http2Connection): Http2Stream {
    const stream = connection.open(this.block, this, { endStream: false });
    if (this.#paused) stream.pause();
    let room = true;
    for (const framed of this.#kept ?? []) room = stream.write(framed);
    if (this.#keptLength > MAX_KEPT) {
      this.#kept = null;
      if (room) queueMicrotask(() => this.onWritable());
    }
    if (this.#ended) stream.end();
    return stream;
  }

  protected override gotHeaders(fields: readonly HeaderField[]): void {
    this.#kept = null;
    this.handlers.onHeaders?.(fromHeaderFields(fields));
  }

  protected gotMessage(message: Buffer): Verdict | null {
    if (!this.#singleReply) this.handlers.onMessage?.(message);
    else if (this.#single !== null) return TWO_MESSAGES;
    else this.#single = message;
    return null;
  }

  protected judgeEnd(): Verdict | null {
    return this.#singleReply && this.#single === null ? NO_MESSAGE : null;
  }

  protected reply(): Uint8Array | null {
    return null;
  }

  protected finished(result: CallResult): void {
    this.#kept = null;
    this.#held = [];
    if (this.#single !== null && result.status === 0) this.handlers.onMessage?.(this.#single);
    this.handlers.onEnd?.(result);
  }

  onWritable(): void {
    if (this.writable) this.handlers.onWritable?.();
  }
}

/** RESOURCE_EXHAUSTED with grpc-go's text. @param length and `max` in octets */
export function tooLargeToSend(length: number, max: number): Verdict {
  return verdict(8, `trying to send message larger than max (${length} vs. ${max})`, 1702);
}
