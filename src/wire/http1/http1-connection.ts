import { performance } from 'node:perf_hooks';
import type { BodyBudget } from '../net/body-budget.ts';
import type { Connection, ConnectionHandler } from '../net/connection.ts';
import { type Flushable, scheduleFlush } from '../net/flush-schedule.ts';
import type { Resend } from '../net/resend.ts';
import type { Timings } from '../net/timings.ts';
import { unexpectedFailure } from '../net/unexpected.ts';
import { WireError } from '../net/wire-error.ts';
import { type HttpRequest, HttpResponse } from './exchange.ts';
import { NOT_HTTP } from './head-scanner.ts';
import { writeHead, writeRequest } from './request-writer.ts';
import { DONE, FAILED, MORE, type ParseProgress, ResponseParser } from './response-parser.ts';

/** What becomes of a request on a connection. Exactly one of the two is called, once. */
export interface ExchangeListener {
  onResponse(response: HttpResponse): void;
  onFailure(error: WireError, retry: Resend): void;
}

/** Who keeps a connection between requests. */
export interface ConnectionKeeper {
  forget(connection: Http1Connection): void;
}

/** A connection that carries HTTP/1.1 requests, one at a time. */
export class Http1Connection implements ConnectionHandler, Flushable {
  readonly connection: Connection;
  /** Told when the connection ends while no request is in progress. */
  keeper: ConnectionKeeper | null = null;
  /** Requests sent so far. */
  requests = 0;

  readonly #parser: ResponseParser;
  #listener: ExchangeListener | null = null;
  #timings: Timings | null = null;
  /** The request that is to leave at the end of this turn of the event loop; null: it has left. */
  #unsent: HttpRequest | null = null;
  #head = '';
  #draining = false;
  /** When it was given to us; behind that, when it was written. */
  #written = 0;
  #firstByte = 0;

  /** @param bodies what its responses' bodies may take; left out, whatever comes */
  constructor(connection: Connection, bodies?: BodyBudget) {
    this.connection = connection;
    this.#parser = new ResponseParser(bodies);
    connection.handler = this;
  }

  /** Whether the next request may use it. */
  get usable(): boolean {
    return this.#listener === null && !this.connection.closed;
  }

  /**
   * Sends a request, at the end of this turn of the event loop; the connection must be {@link usable}.
   * @param timings filled in with `sending`, `waiting` and `receiving`; what it waits for its turn is added to `blocked`
   * @param began what the clock said just now (`performance.now()`), if the caller has asked it
   * @throws Error when a header cannot be written
   */
  send(
    request: HttpRequest,
    readBody: boolean,
    timings: Timings,
    listener: ExchangeListener,
    began: number = performance.now(),
  ): void {
    this.#head = request.http1Head ?? writeHead(request);
    this.#listener = listener;
    this.#timings = timings;
    this.#firstByte = 0;
    this.requests++;
    this.#parser.reset(request.method === 'HEAD', readBody);
    this.#unsent = request;
    this.#written = began;
    scheduleFlush(this, began);
  }

  /** Has the request leave now, if it has not left yet. */
  flush(): void {
    const request = this.#unsent;
    const timings = this.#timings;
    if (request === null || timings === null) return;
    const head = this.#head;
    this.#unsent = null;
    // An idle connection of many thousands keeps no text that was made for one request.
    this.#head = '';
    const began = performance.now();
    timings.blocked += began - this.#written;
    this.#written = began;
    try {
      this.#draining = !writeRequest(this.connection, head, request.body);
    } catch (error) {
      // Whoever sent it has left long ago, and cannot catch this.
      this.fail(unexpectedFailure(error));
      return;
    }
    this.#written = performance.now();
    timings.sending = this.#written - began;
  }

  /** Gives up the request in progress, and the connection with it; the listener hears no more. */
  abandon(): void {
    this.#listener = null;
    this.#unsent = null;
    this.#parser.abandon();
    this.connection.destroy();
  }

  /** Fails the request in progress with `error`, and gives up the connection. */
  fail(error: WireError): void {
    const listener = this.#listener;
    if (listener === null) return;
    this.#stamp();
    this.abandon();
    listener.onFailure(error, 'no');
  }

  onDrain(): void {
    if (!this.#draining) return;
    this.#draining = false;
    const now = performance.now();
    if (this.#timings !== null && this.#firstByte === 0) this.#timings.sending += now - this.#written;
    this.#written = now;
  }

  onData(chunk: Buffer): void {
    if (this.#listener === null) {
      // Nobody asked: a connection that speaks by itself cannot be trusted with the next request.
      this.connection.destroy();
      this.keeper?.forget(this);
      return;
    }
    if (this.#unsent !== null) {
      if (this.#isKept) {
        // Nor with this one, which has not left yet.
        this.#failed(new WireError(1000, 'the server sent something before it was asked'), 'unseen');
        return;
      }
      // Whatever speaks first on a new connection is taken for its answer: it says what is wrong with the server.
      this.flush();
      if (this.#listener === null) return;
    }
    if (this.#firstByte === 0) this.#firstByte = performance.now();
    const progress = this.#parser.push(chunk);
    if (progress !== MORE) this.#settle(progress);
  }

  onFault(failure: WireError): void {
    // A listener that broke has been told already; what it belongs to has its own guard.
    if (this.#listener === null) this.keeper?.forget(this);
    else this.#failed(failure, 'no');
  }

  onClose(error: WireError | null): void {
    const listener = this.#listener;
    if (listener === null) {
      this.keeper?.forget(this);
      return;
    }
    const parser = this.#parser;
    if (error === null) {
      const retry = this.#resend;
      const progress = parser.end();
      if (progress === DONE) this.#settle(progress);
      else this.#failed(this.#parserError(), retry);
    } else this.#failed(error, this.#resend);
  }

  /** It has carried a request before. */
  get #isKept(): boolean {
    return this.requests > 1;
  }

  /** Whether the request in progress may go to another connection, now that this one has ended. */
  get #resend(): Resend {
    if (this.#unsent !== null && this.#isKept) return 'unseen';
    return this.#parser.begun ? 'no' : 'unanswered';
  }

  #settle(progress: ParseProgress): void {
    const parser = this.#parser;
    if (progress === FAILED) {
      this.#failed(this.#parserError(), 'no');
      return;
    }
    const listener = this.#listener!;
    const timings = this.#stamp();
    const { connection } = this;
    this.#listener = null;
    this.#timings = null;
    // An answer before the request has left entirely leaves the rest of it in the way of the next one.
    if (!parser.reusable || this.#draining) connection.destroy();
    const response = new HttpResponse(
      parser.status,
      parser.statusText,
      parser.proto,
      parser.headers,
      parser.body,
      parser.bodiless,
      timings,
      connection,
    );
    parser.body = null;
    listener.onResponse(response);
  }

  #parserError(): WireError {
    const { errorCode, errorMessage, begun } = this.#parser;
    const error = new WireError(errorCode, errorMessage);
    error.answered = this.#isKept || (begun && errorMessage !== NOT_HTTP);
    return error;
  }

  #failed(error: WireError, retry: Resend): void {
    const listener = this.#listener!;
    this.#stamp();
    this.abandon();
    listener.onFailure(error, retry);
  }

  /** Closes the clock of the exchange. */
  #stamp(): Timings {
    const timings = this.#timings!;
    const now = performance.now();
    // It has not left yet: nobody could have answered it.
    if (this.#unsent !== null) timings.blocked += now - this.#written;
    else if (this.#firstByte === 0) timings.waiting = Math.max(0, now - this.#written);
    else {
      timings.waiting = Math.max(0, this.#firstByte - this.#written);
      timings.receiving = now - this.#firstByte;
    }
    return timings;
  }
}
