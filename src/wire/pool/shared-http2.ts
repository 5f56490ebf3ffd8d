import { performance } from 'node:perf_hooks';
import { type HttpRequest, HttpResponse } from '../http1/exchange.ts';
import type { ExchangeListener } from '../http1/http1-connection.ts';
import { ReceivedHeaders } from '../http1/received-headers.ts';
import { copyBody, isSmallBody } from '../http1/recent-heads.ts';
import { Http2Connection } from '../http2/connection.ts';
import type { ResponseHead } from '../http2/header-section.ts';
import { HeaderBlock } from '../http2/hpack/encoder.ts';
import type { HeaderField } from '../http2/hpack/header-field.ts';
import { Http2Failure } from '../http2/http2-failure.ts';
import { REASON_PHRASES } from '../http2/reason-phrases.ts';
import type { Http2Stream, StreamHandler } from '../http2/stream.ts';
import { type BodyBudget, UNBOUNDED, UNCOUNTED } from '../net/body-budget.ts';
import type { Connection } from '../net/connection.ts';
import type { Resend } from '../net/resend.ts';
import type { Timings } from '../net/timings.ts';
import type { WireError } from '../net/wire-error.ts';

/** Headers of HTTP/1.1 that HTTP/2 says otherwise or forbids (RFC 9113 section 8.2.2). */
const NOT_SENT = new Set(['host', 'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Encoded once for requests that are sent again and again. */
const blocks = new WeakMap<HttpRequest, HeaderBlock>();

/** An HTTP/2 connection that all requests of a virtual user to one origin share. */
export class SharedHttp2 {
  /** Called when no new request may be sent on it. */
  onEnd: (() => void) | null = null;
  readonly #http2: Http2Connection;
  readonly #bodies: BodyBudget;

  /** @param bodies what its responses' bodies may take; left out, whatever comes */
  constructor(connection: Connection, bodies = UNBOUNDED) {
    this.#bodies = bodies;
    this.#http2 = Http2Connection.over(connection);
    this.#http2.onUnusable = () => this.onEnd?.();
  }

  get usable(): boolean {
    return this.#http2.usable;
  }

  /**
   * Sends a request, at the end of this turn of the event loop.
   * @param timings filled in with `sending`, `waiting` and `receiving`; what it waits for its turn is added to `blocked`
   * @param now what the clock said just now (`performance.now()`)
   * @returns gives the request up: the listener hears the error, if one is given, and nothing more
   */
  send(
    request: HttpRequest,
    readBody: boolean,
    timings: Timings,
    listener: ExchangeListener,
    now: number,
  ): (error: WireError | null) => void {
    const exchange = new StreamExchange(this.#http2.connection, readBody ? this.#bodies : null, timings, listener, now);
    const body = request.body === null || request.body.length === 0 ? null : request.body;
    const stream = this.#http2.open(blockOf(request), exchange, {
      endStream: true,
      bodiless: request.method === 'HEAD',
      askedAt: now,
      ...(body === null ? {} : { body: typeof body === 'string' ? Buffer.from(body) : body }),
    });
    exchange.stream = stream;
    return (error) => exchange.giveUp(error);
  }

  close(): void {
    this.#http2.close();
  }
}

function blockOf(request: HttpRequest): HeaderBlock {
  // Only a request whose head is written already is sent more than once.
  const isKept = request.http1Head !== undefined;
  let block = isKept ? blocks.get(request) : undefined;
  if (block === undefined) {
    let authority = '';
    const fields: HeaderField[] = [];
    for (const [name, value] of request.headers) {
      const lower = name.toLowerCase();
      if (lower === 'host') authority = value;
      else if (!NOT_SENT.has(lower)) fields.push({ name: lower, value });
    }
    const pseudo: HeaderField[] = [
      { name: ':method', value: request.method },
      { name: ':scheme', value: request.scheme },
      { name: ':authority', value: authority },
      { name: ':path', value: request.path },
    ];
    block = new HeaderBlock([...pseudo, ...fields], isKept);
    if (isKept) blocks.set(request, block);
  }
  return block;
}

const EMPTY = Buffer.alloc(0);
const NO_HEADERS = new ReceivedHeaders([]);

function receivedOf(fields: readonly HeaderField[]): ReceivedHeaders {
  return new ReceivedHeaders(
    fields.filter(({ name }) => name.charCodeAt(0) !== 58).map(({ name, value }) => [name, value]),
  );
}

/** One request on its stream. */
class StreamExchange implements StreamHandler {
  readonly #connection: Connection;
  /** Null: the body is thrown away. */
  readonly #bodies: BodyBudget | null;
  readonly #timings: Timings;
  readonly #listener: ExchangeListener;
  /** When it was given to us; behind that, when it was sent. */
  #began: number;
  #sent = 0;
  #firstByte = 0;
  #status = 0;
  #headers: ReceivedHeaders = NO_HEADERS;
  #bodiless = false;
  #chunks: Buffer[] = [];
  #length = 0;
  #reserved = 0;
  stream: Http2Stream | null = null;

  constructor(
    connection: Connection,
    bodies: BodyBudget | null,
    timings: Timings,
    listener: ExchangeListener,
    began: number,
  ) {
    this.#connection = connection;
    this.#bodies = bodies;
    this.#timings = timings;
    this.#listener = listener;
    this.#began = began;
  }

  onSending(now: number): void {
    this.#timings.blocked += now - this.#began;
    this.#began = now;
  }

  onSent(): void {
    this.#sent = performance.now();
  }

  onHeaders(fields: readonly HeaderField[], status: number, endStream: boolean, head: ResponseHead): void {
    this.#firstByte = performance.now();
    this.#headers = (head.derived ??= receivedOf(fields)) as ReceivedHeaders;
    this.#status = status;
    this.#bodiless = status === 204 || status === 304 || (endStream && status < 200);
  }

  onData(chunk: Buffer): void {
    const budget = this.#bodies;
    if (budget === null) return;
    this.#length += chunk.length;
    if (this.#length > this.#reserved + UNCOUNTED || this.#length > budget.limit) {
      if (this.#length > budget.limit || !budget.reserve(UNCOUNTED)) {
        this.giveUp(budget.exceeded());
        return;
      }
      this.#reserved += UNCOUNTED;
    }
    this.#chunks.push(isSmallBody(chunk.length) ? copyBody(chunk, 0, chunk.length) : Buffer.from(chunk));
  }

  #release(): void {
    this.#bodies?.release(this.#reserved);
    this.#reserved = 0;
    this.#chunks = [];
  }

  onTrailers(): void {}

  onEnd(): void {
    this.#stamp();
    const chunks = this.#chunks;
    const whole = chunks.length === 1 ? (chunks[0] as Buffer) : chunks.length === 0 ? EMPTY : Buffer.concat(chunks);
    this.#release();
    this.#listener.onResponse(
      new HttpResponse(
        this.#status,
        REASON_PHRASES[this.#status] ?? '',
        'HTTP/2.0',
        this.#headers,
        this.#bodies !== null && !this.#bodiless ? whole : null,
        this.#bodiless,
        this.#timings,
        this.#connection,
      ),
    );
  }

  onError(error: WireError, retry: Resend): void {
    this.#stamp();
    this.#release();
    // What HTTP/2 itself says of a request is its result; only a connection that just ended leaves it open.
    const judged = retry === 'unanswered' && error instanceof Http2Failure ? 'no' : retry;
    this.#listener.onFailure(error, judged);
  }

  giveUp(error: WireError | null): void {
    if (this.stream?.open === true) this.stream.cancel();
    this.#release();
    if (error === null) return;
    this.#stamp();
    this.#listener.onFailure(error, 'no');
  }

  #stamp(): void {
    const now = performance.now();
    const sent = this.#sent === 0 ? now : this.#sent;
    this.#timings.sending = sent - this.#began;
    if (this.#firstByte === 0) this.#timings.waiting = now - sent;
    else {
      this.#timings.waiting = Math.max(0, this.#firstByte - sent);
      this.#timings.receiving = now - this.#firstByte;
    }
  }
}
