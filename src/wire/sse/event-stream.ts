// One request whose answer is read as it comes: dial, head, events. Always HTTP/1.1, on a connection of its own.
import { type HttpRequest, HttpResponse } from '../http1/exchange.ts';
import { writeHead, writeRequest } from '../http1/request-writer.ts';
import { DONE, FAILED, ResponseParser } from '../http1/response-parser.ts';
import type { Connection } from '../net/connection.ts';
import type { Dialer, Dialing, DialRequest } from '../net/dialer.ts';
import { type TimerHandle, timerWheel } from '../net/timer-wheel.ts';
import { startTimings } from '../net/timings.ts';
import { WireError } from '../net/wire-error.ts';
import { EventParser, type ServerEvent } from './event-parser.ts';

export interface EventStreamListener {
  /** The head of the answer is there; events follow if it is one of status 200. */
  onHead(response: HttpResponse): void;
  onEvent(event: ServerEvent): void;
  /** Called once, last; null: the server has ended the answer in good order. */
  onEnd(error: WireError | null): void;
}

const NOT_TIMED = startTimings();
const OK = 200;

export class EventStream {
  readonly #request: HttpRequest;
  readonly #listener: EventStreamListener;
  readonly #parser = new ResponseParser();
  readonly #events: EventParser;
  /** For everything up to the head of the answer. */
  #deadline: TimerHandle | null;
  #dialing: Dialing | null = null;
  #connection: Connection | null = null;
  #hasHead = false;
  #over = false;

  /**
   * @param dial its `timeoutMs` is for all up to the head of the answer
   * @param mostCharacters that an event may have
   */
  constructor(
    request: HttpRequest,
    dialer: Dialer,
    dial: DialRequest,
    mostCharacters: number,
    listener: EventStreamListener,
  ) {
    this.#request = request;
    this.#listener = listener;
    this.#events = new EventParser(mostCharacters, (event) => {
      if (!this.#over) listener.onEvent(event);
    });
    this.#deadline = timerWheel.schedule(dial.timeoutMs, () => {
      // While the dial lasts its own timer says better what took so long.
      this.#deadline = null;
      if (this.#connection !== null) this.#end(new WireError(1050, 'request timeout'));
    });
    this.#dialing = dialer.start(dial, (error, connection) => {
      this.#dialing = null;
      if (connection === null) this.#end(error ?? new WireError(1210, 'dial: failed'));
      else this.#send(connection);
    });
  }

  pause(): void {
    this.#connection?.pause();
  }

  resume(): void {
    this.#connection?.resume();
  }

  /** Breaks it off; nothing is called back afterwards. */
  close(): void {
    if (this.#over) return;
    this.#finish();
  }

  #send(connection: Connection): void {
    this.#connection = connection;
    this.#parser.reset(this.#request.method === 'HEAD', false, (piece) => this.#takeBody(piece));
    this.#parser.status = 0;
    connection.handler = {
      onData: (chunk) => this.#take(chunk),
      onDrain() {},
      onClose: (error) => this.#closed(error),
      onFault: (failure) => this.#end(failure),
    };
    try {
      writeRequest(connection, writeHead(this.#request), this.#request.body);
    } catch (error) {
      this.#end(new WireError(1000, (error as Error).message));
    }
  }

  #take(chunk: Buffer): void {
    if (this.#over) return;
    const progress = this.#parser.push(chunk);
    this.#tellHead();
    if (this.#over) return;
    if (progress === DONE) this.#end(null);
    else if (progress === FAILED) this.#end(new WireError(this.#parser.errorCode, this.#parser.errorMessage));
  }

  #tellHead(): void {
    const { status, statusText, proto, headers, bodiless } = this.#parser;
    if (this.#hasHead || status === 0 || this.#over) return;
    this.#hasHead = true;
    if (this.#deadline !== null) timerWheel.cancel(this.#deadline);
    this.#deadline = null;
    const connection = this.#connection ?? { remoteAddress: '', remotePort: 0, tls: null };
    this.#listener.onHead(new HttpResponse(status, statusText, proto, headers, null, bodiless, NOT_TIMED, connection));
  }

  #takeBody(piece: Buffer): void {
    this.#tellHead();
    if (this.#over || this.#parser.status !== OK) return;
    if (!this.#events.push(piece))
      this.#end(new WireError(1702, 'sse: an event is larger than maxResponseBytes allows'));
  }

  #closed(error: WireError | null): void {
    if (this.#over) return;
    if (error === null && this.#parser.end() === DONE) {
      this.#tellHead();
      this.#end(null);
    } else this.#end(error ?? new WireError(this.#parser.errorCode, this.#parser.errorMessage));
  }

  #end(error: WireError | null): void {
    if (this.#over) return;
    this.#finish();
    this.#listener.onEnd(error);
  }

  #finish(): void {
    this.#over = true;
    if (this.#deadline !== null) timerWheel.cancel(this.#deadline);
    this.#dialing?.cancel();
    this.#connection?.destroy();
  }
}
