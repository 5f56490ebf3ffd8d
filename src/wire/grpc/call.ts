import type { Http2Connection } from '../http2/connection.ts';
import type { HeaderBlock } from '../http2/hpack/encoder.ts';
import type { HeaderField } from '../http2/hpack/header-field.ts';
import type { Http2Stream, StreamHandler } from '../http2/stream.ts';
import type { Resend } from '../net/resend.ts';
import { type TimerHandle, timerWheel } from '../net/timer-wheel.ts';
import type { WireError } from '../net/wire-error.ts';
import { CallResult } from './call-result.ts';
import { MessageReader } from './message-reader.ts';
import {
  type AnswerHead,
  INTERNAL,
  MISSING_STATUS,
  MISSING_TRAILERS,
  readAnswerHead,
  readDialFailure,
  readFailure,
  readTrailers,
  type Verdict,
  verdict,
} from './verdict.ts';

const NO_FIELDS: readonly HeaderField[] = [];
const DEADLINE = verdict(4, 'context deadline exceeded', 1050);

/** What a call needs of its channel. */
export interface CallHost {
  readonly maxReceiveSize: number;
  /** Finds a connection, now or later; the call's `attach` or `failToConnect` is called. */
  acquire(call: GrpcCall): void;
  /** The call does not want a connection any more. */
  withdraw(call: GrpcCall): void;
}

/** The headers seen last and what they meant: answers of one server mostly share theirs. */
let lastFields: readonly HeaderField[] | null = null;
let lastHead: AnswerHead = { refusal: null, encoding: null };

/** One RPC: its deadline, its attempts, the messages and the status of its answer. */
export abstract class GrpcCall implements StreamHandler {
  readonly block: HeaderBlock;
  protected readonly host: CallHost;
  protected stream: Http2Stream | null = null;
  protected over = false;
  /** Headers of an answer that is not Trailers-Only. */
  #headers: readonly HeaderField[] = NO_FIELDS;
  #first: readonly HeaderField[] = NO_FIELDS;
  #trailers: readonly HeaderField[] | null = null;
  #encoding: string | null = null;
  #reader: MessageReader | null = null;
  #gotData = false;
  #retried = false;
  readonly #began = performance.now();
  readonly #timer: TimerHandle | null;
  readonly #timeoutMs: number;
  #connection: Http2Connection | null = null;

  /** @param timeoutMs null for none; it runs from here, waiting for a connection included */
  constructor(host: CallHost, block: HeaderBlock, timeoutMs: number | null) {
    this.host = host;
    this.block = block;
    this.#timeoutMs = timeoutMs ?? Number.POSITIVE_INFINITY;
    this.#timer = timeoutMs === null ? null : timerWheel.schedule(timeoutMs, () => this.#expire());
  }

  /** Sends the request on a connection that takes requests. */
  protected abstract send(connection: Http2Connection): Http2Stream;
  /** Whether the request can be sent once more from its beginning. */
  protected abstract readonly repeatable: boolean;
  /** A message of the answer. @returns what is wrong with getting it, or null */
  protected abstract gotMessage(message: Buffer): Verdict | null;
  /** The last word before an OK answer counts. @returns what is missing, or null */
  protected abstract judgeEnd(): Verdict | null;
  protected abstract reply(): Uint8Array | null;
  protected abstract finished(result: CallResult): void;
  /** The answer has begun. */
  protected gotHeaders(_fields: readonly HeaderField[]): void {}
  abstract onWritable(): void;

  start(): void {
    this.host.acquire(this);
  }

  /** @internal */
  attach(connection: Http2Connection): void {
    if (this.over) return;
    this.#connection = connection;
    this.stream = this.send(connection);
  }

  /** @internal */
  failToConnect(error: WireError): void {
    this.finish(readDialFailure(error));
  }

  /** Gives the call up: RST_STREAM, and this verdict. */
  abort(end: Verdict): void {
    if (this.over) return;
    if (this.stream !== null) this.stream.cancel();
    else this.host.withdraw(this);
    this.finish(end);
  }

  #expire(): void {
    this.abort(DEADLINE);
  }

  /** What the network says; once the deadline has passed it does not matter any more, though the timer be a tick late. */
  #conclude(end: Verdict): void {
    this.finish(performance.now() - this.#began >= this.#timeoutMs ? DEADLINE : end);
  }

  protected finish(end: Verdict): void {
    if (this.over) return;
    this.over = true;
    if (this.#timer !== null) timerWheel.cancel(this.#timer);
    this.finished(
      new CallResult(
        end,
        end.status === 0 ? this.reply() : null,
        this.#headers,
        this.#trailers ?? NO_FIELDS,
        performance.now() - this.#began,
        this.#connection?.connection ?? null,
      ),
    );
  }

  onHeaders(fields: readonly HeaderField[], status: number, endStream: boolean): void {
    this.#first = fields;
    if (endStream || fields !== lastFields) {
      lastHead = readAnswerHead(fields, status, endStream);
      lastFields = endStream ? null : fields;
    }
    const { refusal, encoding } = lastHead;
    this.#encoding = encoding;
    if (endStream) {
      this.#trailers = fields;
      if (refusal !== null) this.finish(refusal);
      return;
    }
    this.#headers = fields;
    if (refusal !== null) this.abort(refusal);
    else this.gotHeaders(fields);
  }

  onData(chunk: Buffer): void {
    if (this.over) return;
    this.#gotData = true;
    let fault: Verdict | null = null;
    const size = chunk.length - 5;
    // The usual case: one frame, one message, as it is.
    if (this.#reader === null && size >= 0 && chunk.readUInt32BE(1) === size && chunk[0] === 0) {
      if (size > this.host.maxReceiveSize) fault = this.#readPieces(chunk);
      else {
        const message = Buffer.allocUnsafe(size);
        chunk.copy(message, 0, 5);
        fault = this.gotMessage(message);
      }
    } else fault = this.#readPieces(chunk);
    if (fault !== null) this.abort(fault);
  }

  #readPieces(chunk: Buffer): Verdict | null {
    const reader = (this.#reader ??= new MessageReader(this.host.maxReceiveSize));
    reader.encoding = this.#encoding;
    let refused: Verdict | null = null;
    const fault = reader.read(chunk, (message) => {
      refused = this.gotMessage(message);
      return refused === null && !this.over;
    });
    return fault ?? refused;
  }

  onTrailers(fields: readonly HeaderField[]): void {
    this.#trailers = fields;
  }

  onEnd(): void {
    if (this.over) return;
    const fields = this.#trailers;
    if (fields === null) {
      this.#conclude(this.#endedTooEarly() ?? MISSING_TRAILERS);
      return;
    }
    const end = readTrailers(fields) ?? MISSING_STATUS;
    if (end.status !== 0) this.#conclude(end);
    else this.#conclude(this.#endedTooEarly() ?? this.judgeEnd() ?? end);
  }

  #endedTooEarly(): Verdict | null {
    if (!this.#gotData || this.#reader === null || this.#reader.complete) return null;
    return verdict(INTERNAL, 'unexpected EOF', 1041);
  }

  onError(error: WireError, retry: Resend): void {
    if (this.over) return;
    // What still waited for a place on the connection never left: that is no attempt.
    const sent = this.stream === null || this.stream.id !== 0;
    this.stream = null;
    // A transparent retry: the server has certainly not looked at it (gRFC A6); once, and never counted.
    const fresh = !this.#retried || !sent;
    if (retry === 'unseen' && fresh && this.repeatable && this.#first === NO_FIELDS && error.code !== 1030) {
      if (sent) this.#retried = true;
      this.#connection = null;
      this.host.acquire(this);
      return;
    }
    this.#conclude(readFailure(error));
  }
}
