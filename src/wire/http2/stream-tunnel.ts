// Bytes both ways on a stream whose CONNECT the server has taken (RFC 9113, section 8.5; RFC 8441, section 5).
import type { ByteChannel, ConnectionHandler } from '../net/connection.ts';
import { reportStrayFailure, unexpectedFailure } from '../net/unexpected.ts';
import type { WireError } from '../net/wire-error.ts';
import type { Http2Stream } from './stream.ts';

export class StreamTunnel implements ByteChannel {
  closed = false;
  readonly #stream: Http2Stream;
  readonly #onClosed: () => void;
  #handler: ConnectionHandler | null = null;
  #paused = false;
  /** What came while nobody took it. */
  #held: Buffer[] = [];
  /** The peer's end, until it is told. */
  #ended: { readonly error: WireError | null } | null = null;

  /** @param onClosed nothing goes either way any more; called once */
  constructor(stream: Http2Stream, onClosed: () => void) {
    this.#stream = stream;
    this.#onClosed = onClosed;
    // A length belongs to a response, and this is none (RFC 9110, section 9.3.6).
    stream.expectedLength = -1;
  }

  get handler(): ConnectionHandler {
    if (this.#handler === null) throw new Error('the tunnel has no handler yet');
    return this.#handler;
  }

  set handler(handler: ConnectionHandler) {
    this.#handler = handler;
    // Handed over when the caller has finished setting itself up.
    if (this.#held.length > 0 || this.#ended !== null) queueMicrotask(() => this.#deliver());
  }

  get queued(): number {
    return this.#stream.writableLength;
  }

  write(data: Uint8Array | string): boolean {
    return this.#stream.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data);
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#deliver();
    if (!this.#paused) this.#stream.resume();
  }

  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#handler = null;
    this.#held = [];
    this.#stream.cancel();
    this.#close();
  }

  /** @param chunk valid only during the call */
  receive(chunk: Buffer): void {
    if (this.closed) return;
    if (this.#handler === null || this.#paused || this.#held.length > 0) this.#held.push(Buffer.from(chunk));
    else this.#tell((handler) => handler.onData(chunk));
  }

  drained(): void {
    this.#tell((handler) => handler.onDrain());
  }

  /** @param error null: the end of the peer's bytes */
  finish(error: WireError | null): void {
    if (this.closed || this.#ended !== null) return;
    this.#ended = { error };
    if (this.#handler !== null && !this.#paused) this.#deliver();
  }

  #deliver(): void {
    while (this.#held.length > 0 && !this.#paused && this.#handler !== null) {
      const chunk = this.#held.shift() as Buffer;
      this.#tell((handler) => handler.onData(chunk));
    }
    if (this.#ended === null || this.#paused || this.#handler === null || this.closed) return;
    const { error } = this.#ended;
    this.#close();
    this.#tell((handler) => handler.onClose(error));
  }

  /** What the handler throws ends this stream, and none of the others. */
  #tell(step: (handler: ConnectionHandler) => void): void {
    const handler = this.#handler;
    if (handler === null) return;
    try {
      step(handler);
    } catch (thrown) {
      this.destroy();
      try {
        handler.onFault(unexpectedFailure(thrown));
      } catch (error) {
        reportStrayFailure(error);
      }
    }
  }

  #close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#onClosed();
  }
}
