import { type BodyBudget, UNBOUNDED, UNCOUNTED } from '../net/body-budget.ts';
import { Head, INCOMPLETE, MALFORMED } from './head-scanner.ts';
import { ReceivedHeaders } from './received-headers.ts';
import { copyBody, isSmallBody, type KnownHead, recallHead, rememberHead } from './recent-heads.ts';

/**
 * What a head may measure at most, and all those together that go before the final one: more is error 1042. The value is that of Go's
 * transport.
 */
export const MAX_HEAD_BYTES = 10 * 1024 * 1024;
const MAX_CHUNK_LINE_BYTES = 16 * 1024;
/** A length that a server announces is believed only so far before the bytes have come. */
const MAX_TRUSTED_LENGTH = 1024 * 1024;
const EMPTY = Buffer.alloc(0);
const NO_HEADERS = new ReceivedHeaders('');

export const MORE = 0;
export const DONE = 1;
export const FAILED = -1;
export type ParseProgress = typeof MORE | typeof DONE | typeof FAILED;

type State = 'head' | 'length' | 'until-close' | 'chunk-line' | 'chunk' | 'chunk-end' | 'trailers' | 'done' | 'failed';

/**
 * Reads one response after the other from a connection, in whatever pieces it comes (RFC 9112). Strict: what is not
 * certainly an HTTP/1 response is an error, since a guess would count a broken server as a working one.
 */
export class ResponseParser {
  readonly head = new Head();
  /** The final response's, once the head is complete. */
  status = 0;
  statusText = '';
  headers: ReceivedHeaders = NO_HEADERS;
  proto: 'HTTP/1.1' | 'HTTP/1.0' = 'HTTP/1.1';
  body: Buffer | null = null;
  bodiless = false;
  /** Whether the connection can take another request afterwards. */
  reusable = false;
  /** True from the response's first byte on. */
  begun = false;
  errorCode = 0;
  errorMessage = '';

  #state: State = 'done';
  #isHead = false;
  #keep = true;
  #onBody: ((piece: Buffer) => void) | null = null;
  /** Bytes of an unfinished head, chunk line or trailer section. */
  #pending: Buffer = EMPTY;
  #pendingLength = 0;
  /** Octets of the interim heads before the final one. */
  #interimLength = 0;
  #remaining = 0;
  #collected: Buffer | null = null;
  #collectedLength = 0;
  readonly #budget: BodyBudget;
  /** Octets taken of the budget for the body in progress. */
  #reserved = 0;

  constructor(budget: BodyBudget = UNBOUNDED) {
    this.#budget = budget;
  }

  /**
   * Makes ready for the response to the next request.
   * @param isHead the request's method is HEAD
   * @param keepBody false counts the body's bytes but does not keep them
   * @param onBody gets a body that is not kept piece by piece, valid only during the call, once `status` and `lines` are known
   */
  reset(isHead: boolean, keepBody: boolean, onBody: ((piece: Buffer) => void) | null = null): void {
    this.#state = 'head';
    this.#isHead = isHead;
    this.#keep = keepBody;
    this.#onBody = onBody;
    this.#pendingLength = 0;
    this.#interimLength = 0;
    this.#drop();
    this.body = null;
    this.begun = false;
    this.errorCode = 0;
  }

  /** Takes in what was read. After DONE or FAILED nothing more may come before the next {@link reset}. */
  push(chunk: Buffer): ParseProgress {
    this.begun = true;
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case 'head':
          at = this.#pushHead(chunk, at);
          break;
        case 'length':
          at = this.#pushCounted(chunk, at);
          if (this.#remaining === 0 && this.#state === 'length') this.#finish();
          break;
        case 'until-close':
          this.#collect(chunk, at, chunk.length);
          at = chunk.length;
          break;
        case 'chunk-line':
          at = this.#pushChunkLine(chunk, at);
          break;
        case 'chunk':
          at = this.#pushCounted(chunk, at);
          if (this.#remaining === 0 && this.#state === 'chunk') this.#state = 'chunk-end';
          break;
        case 'chunk-end':
          at = this.#pushChunkEnd(chunk, at);
          break;
        case 'trailers':
          at = this.#pushTrailers(chunk, at);
          break;
        case 'done':
          // More than the response: whatever it is, it answers nothing we asked.
          this.reusable = false;
          return DONE;
        case 'failed':
          return FAILED;
      }
    }
    return this.#progress();
  }

  /** The peer has ended its side. */
  end(): ParseProgress {
    switch (this.#state) {
      case 'until-close':
        this.#finish();
        this.reusable = false;
        break;
      case 'done':
      case 'failed':
        break;
      case 'head':
        this.#fail(1040, this.begun ? 'unexpected EOF in the response header' : 'EOF');
        break;
      default:
        this.#fail(1040, 'unexpected EOF');
    }
    return this.#progress();
  }

  #progress(): ParseProgress {
    return this.#state === 'done' ? DONE : this.#state === 'failed' ? FAILED : MORE;
  }

  #fail(code: number, message: string): void {
    this.#state = 'failed';
    this.errorCode = code;
    this.errorMessage = message;
    this.reusable = false;
    this.#drop();
  }

  /** Forgets the body in progress: done with, or given up. */
  #drop(): void {
    this.#collected = null;
    this.#collectedLength = 0;
    if (this.#reserved === 0) return;
    this.#budget.release(this.#reserved);
    this.#reserved = 0;
  }

  /** Gives up the response in progress: nothing more will come. */
  abandon(): void {
    this.#state = 'failed';
    this.#drop();
  }

  /** Takes the memory of a body that has become large from the budget. @returns false: there is no room, and it has failed */
  #afford(octets: number): boolean {
    if (octets <= UNCOUNTED && octets <= this.#budget.limit) return true;
    const more = octets - this.#reserved;
    if (more <= 0) return true;
    if (octets <= this.#budget.limit && this.#budget.reserve(more)) {
      this.#reserved = octets;
      return true;
    }
    const { code, message } = this.#budget.exceeded();
    this.#fail(code, message);
    return false;
  }

  #pushHead(chunk: Buffer, at: number): number {
    const { head } = this;
    if (this.#pendingLength === 0) {
      const known = recallHead(chunk, at);
      if (known !== null) {
        this.#takeHead(known);
        return at + known.bytes.length;
      }
      const next = head.scan(chunk, at, chunk.length);
      if (next >= 0) {
        const read = this.#readHead(chunk, at, next);
        if (read !== null) {
          rememberHead(chunk, at, read);
          this.#takeHead(read);
        }
        return next;
      }
      if (next === MALFORMED) this.#fail(1041, head.fault);
      else this.#keepPending(chunk, at, chunk.length);
      return chunk.length;
    }
    const searchFrom = this.#pendingLength;
    this.#keepPending(chunk, at, chunk.length);
    if (this.#state === 'failed') return chunk.length;
    // Byte by byte or in 64 kB reads: the scan starts over only when the head's end has come or its first line has.
    const pending = this.#pending.subarray(0, this.#pendingLength);
    if (!hasEmptyLine(pending, searchFrom)) {
      head.clear();
      if (head.scanStatusLine(pending, 0, Math.min(pending.length, 1024)) === MALFORMED) this.#fail(1041, head.fault);
      return chunk.length;
    }
    const next = head.scan(pending, 0, pending.length);
    if (next < 0) {
      if (next === MALFORMED) this.#fail(1041, head.fault);
      return chunk.length;
    }
    const read = this.#readHead(pending, 0, next);
    if (read !== null) this.#takeHead(read);
    this.#pendingLength = 0;
    return at + (next - searchFrom);
  }

  #keepPending(chunk: Buffer, from: number, to: number): void {
    const length = this.#pendingLength + to - from;
    if (length > MAX_HEAD_BYTES) {
      this.#refuseHead();
      this.#pending = EMPTY;
      return;
    }
    if (length > this.#pending.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(1024, length * 2));
      this.#pending.copy(grown, 0, 0, this.#pendingLength);
      this.#pending = grown;
    }
    chunk.copy(this.#pending, this.#pendingLength, from, to);
    this.#pendingLength = length;
  }

  #refuseHead(): void {
    this.#fail(1042, `server response headers exceeded ${MAX_HEAD_BYTES} bytes`);
  }

  /** What the head that has been scanned says; null for an interim one: the final response is still to come, unless there are too many. */
  #readHead(bytes: Buffer, start: number, end: number): KnownHead | null {
    const { head } = this;
    if (head.status < 200 && head.status !== 101) {
      if ((this.#interimLength += end - start) > MAX_HEAD_BYTES) this.#refuseHead();
      return null;
    }
    const { status, version, contentLength, chunked, close, keepAlive, linesStart, linesEnd } = head;
    const lines = bytes.toString(head.wide ? 'utf8' : 'latin1', linesStart, linesEnd);
    return {
      bytes: new Uint8Array(bytes.subarray(start, end)),
      status,
      statusText: bytes.toString('utf8', head.reasonStart, head.reasonEnd),
      version,
      contentLength,
      chunked,
      close,
      keepAlive,
      headers: new ReceivedHeaders(lines),
    };
  }

  /** Takes over what a complete head says, and decides how the body is delimited (section 6.3). */
  #takeHead(head: KnownHead): void {
    this.status = head.status;
    this.proto = head.version === 10 ? 'HTTP/1.0' : 'HTTP/1.1';
    this.statusText = head.statusText;
    this.headers = head.headers;
    this.reusable = head.version === 11 ? !head.close : head.keepAlive && !head.close;
    this.bodiless = this.#isHead || head.status < 200 || head.status === 204 || head.status === 304;
    if (this.bodiless) {
      if (head.status === 101) this.reusable = false;
      this.#finish();
    } else if (head.chunked) {
      // Both framings at once is how requests are smuggled; the answer is taken, the connection is not trusted further.
      if (head.contentLength >= 0) this.reusable = false;
      this.#state = 'chunk-line';
    } else if (head.contentLength >= 0) {
      this.#remaining = head.contentLength;
      this.#state = 'length';
      if (head.contentLength === 0) this.#finish();
      else if (this.#keep && head.contentLength > this.#budget.limit) this.#afford(head.contentLength);
      else if (this.#keep && head.contentLength > 8192) {
        this.#collected = Buffer.allocUnsafeSlow(Math.min(head.contentLength, MAX_TRUSTED_LENGTH));
      }
    } else {
      this.#state = 'until-close';
      this.reusable = false;
    }
  }

  #pushCounted(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    this.#collect(chunk, at, end);
    this.#remaining -= end - at;
    return this.#state === 'failed' ? chunk.length : end;
  }

  #collect(chunk: Buffer, from: number, to: number): void {
    if (!this.#keep) {
      if (this.#onBody !== null && to > from) this.#onBody(chunk.subarray(from, to));
      return;
    }
    const length = this.#collectedLength + to - from;
    const old = this.#collected;
    // A body that came in one piece takes exactly its size; one that goes on grows by doubling.
    const whole = old === null && this.#state === 'length' && this.#remaining === to - from;
    if (whole && isSmallBody(length) && length <= this.#budget.limit) {
      this.#collected = copyBody(chunk, from, to);
      this.#collectedLength = length;
      return;
    }
    if (old === null || length > old.length) {
      let size = whole ? length : old === null ? Math.max(length, 4096) : Math.max(length, old.length * 2);
      if (size > this.#budget.limit) size = Math.max(length, Math.min(size, this.#budget.limit));
      if (!this.#afford(size)) return;
      const grown = Buffer.allocUnsafe(size);
      if (old !== null) old.copy(grown, 0, 0, this.#collectedLength);
      this.#collected = grown;
    }
    chunk.copy(this.#collected as Buffer, this.#collectedLength, from, to);
    this.#collectedLength = length;
  }

  #pushChunkLine(chunk: Buffer, at: number): number {
    const lf = chunk.indexOf(10, at);
    if (lf < 0 || this.#pendingLength > 0) {
      const end = lf < 0 ? chunk.length : lf + 1;
      this.#keepPending(chunk, at, end);
      if (this.#pendingLength > MAX_CHUNK_LINE_BYTES) this.#fail(1041, 'chunk line too long');
      else if (lf >= 0) {
        this.#takeChunkLine(this.#pending, 0, this.#pendingLength);
        this.#pendingLength = 0;
      } else if (hexValue(this.#pending[0]!) < 0) this.#fail(1041, 'invalid byte in chunk length');
      return end;
    }
    this.#takeChunkLine(chunk, at, lf + 1);
    return lf + 1;
  }

  /** `size [; extension] CRLF` (section 7.1); `end` is behind the LF. */
  #takeChunkLine(bytes: Buffer, start: number, end: number): void {
    let size = 0;
    let at = start;
    for (; at < end; at++) {
      const digit = hexValue(bytes[at]!);
      if (digit < 0) break;
      size = size * 16 + digit;
      if (at - start >= 13) {
        this.#fail(1041, 'chunk length too large');
        return;
      }
    }
    if (at === start) {
      this.#fail(1041, 'invalid byte in chunk length');
      return;
    }
    while (bytes[at] === 32 || bytes[at] === 9) at++;
    if (bytes[at] === 59) at = end - (bytes[end - 2] === 13 ? 2 : 1);
    if (bytes[at] === 13) at++;
    if (at !== end - 1) {
      this.#fail(1041, 'invalid byte in chunk length');
      return;
    }
    this.#remaining = size;
    this.#state = size === 0 ? 'trailers' : 'chunk';
  }

  #pushChunkEnd(chunk: Buffer, at: number): number {
    const expected = this.#pendingLength === 0 ? 13 : 10;
    if (chunk[at] !== expected) {
      this.#fail(1041, 'malformed chunked encoding');
      return chunk.length;
    }
    if (expected === 13) this.#pendingLength = 1;
    else {
      this.#pendingLength = 0;
      this.#state = 'chunk-line';
    }
    return at + 1;
  }

  #pushTrailers(chunk: Buffer, at: number): number {
    const before = this.#pendingLength;
    let bytes: Buffer = chunk;
    let start = at;
    if (before > 0) {
      this.#keepPending(chunk, at, chunk.length);
      if ((this.#state as State) === 'failed') return chunk.length;
      bytes = this.#pending.subarray(0, this.#pendingLength);
      start = 0;
    }
    this.head.clear();
    const next = this.head.scanFields(bytes, start, bytes.length);
    if (next === INCOMPLETE) {
      if (before === 0) this.#keepPending(chunk, at, chunk.length);
      return chunk.length;
    }
    if (next === MALFORMED) {
      this.#fail(1041, this.head.fault);
      return chunk.length;
    }
    this.#pendingLength = 0;
    this.#finish();
    return before > 0 ? at + (next - before) : next;
  }

  #finish(): void {
    this.#state = 'done';
    if (this.#keep && !this.bodiless) {
      const collected = this.#collected;
      const length = this.#collectedLength;
      this.body = collected === null ? EMPTY : length === collected.length ? collected : collected.subarray(0, length);
    }
    this.#drop();
    // A connection that once had a huge head must not keep its buffer.
    if (this.#pending.length > 65_536) this.#pending = EMPTY;
  }
}

function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Whether an empty line ends within the bytes from `from` on. */
function hasEmptyLine(bytes: Buffer, from: number): boolean {
  let at = bytes.indexOf(10, Math.max(0, from - 2));
  while (at >= 0) {
    if (at + 1 >= bytes.length) return false;
    if (bytes[at + 1] === 10 || (bytes[at + 1] === 13 && bytes[at + 2] === 10)) return true;
    at = bytes.indexOf(10, at + 1);
  }
  return false;
}
