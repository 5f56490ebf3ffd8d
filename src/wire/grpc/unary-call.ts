import type { Http2Connection } from '../http2/connection.ts';
import type { HeaderBlock } from '../http2/hpack/encoder.ts';
import type { Http2Stream, SelfEncoding } from '../http2/stream.ts';
import { type CallHost, GrpcCall } from './call.ts';
import type { CallResult } from './call-result.ts';
import { NO_MESSAGE, TWO_MESSAGES, type Verdict } from './verdict.ts';

/** One message there, one back. It is its own framed message, written straight into the connection's buffer. */
export class UnaryCall extends GrpcCall implements SelfEncoding {
  protected readonly repeatable = true;
  readonly #message: Uint8Array | SelfEncoding;
  readonly #done: (result: CallResult) => void;
  #reply: Buffer | null = null;

  constructor(
    host: CallHost,
    block: HeaderBlock,
    timeoutMs: number | null,
    message: Uint8Array | SelfEncoding,
    done: (result: CallResult) => void,
  ) {
    super(host, block, timeoutMs);
    this.#message = message;
    this.#done = done;
  }

  get maxLength(): number {
    const message = this.#message;
    return 5 + (message instanceof Uint8Array ? message.length : message.maxLength);
  }

  encodeInto(buffer: Buffer, offset: number): number {
    const message = this.#message;
    const start = offset + 5;
    let end: number;
    if (message instanceof Uint8Array) {
      buffer.set(message, start);
      end = start + message.length;
    } else end = message.encodeInto(buffer, start);
    buffer[offset] = 0;
    buffer.writeUInt32BE(end - start, offset + 1);
    return end;
  }

  protected send(connection: Http2Connection): Http2Stream {
    return connection.open(this.block, this, { body: this, endStream: true });
  }

  protected gotMessage(message: Buffer): Verdict | null {
    if (this.#reply !== null) return TWO_MESSAGES;
    this.#reply = message;
    return null;
  }

  protected judgeEnd(): Verdict | null {
    return this.#reply === null ? NO_MESSAGE : null;
  }

  protected reply(): Uint8Array | null {
    return this.#reply;
  }

  protected finished(result: CallResult): void {
    this.#done(result);
  }

  onWritable(): void {}
}
