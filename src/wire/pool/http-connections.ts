import { performance } from 'node:perf_hooks';
import type { HttpRequest, HttpResponse } from '../http1/exchange.ts';
import { type ConnectionKeeper, type ExchangeListener, Http1Connection } from '../http1/http1-connection.ts';
import { checkHead } from '../http1/request-writer.ts';
import type { BodyBudget } from '../net/body-budget.ts';
import type { ByteMeter } from '../net/byte-meter.ts';
import type { Connection } from '../net/connection.ts';
import type { Dialer, Dialing } from '../net/dialer.ts';
import { isForwarded } from '../net/proxy.ts';
import type { Resend } from '../net/resend.ts';
import { type TimerHandle, type TimerTarget, timerWheel } from '../net/timer-wheel.ts';
import { startTimings } from '../net/timings.ts';
import { type TlsParams, tlsIdentity } from '../net/tls-params.ts';
import { WireError } from '../net/wire-error.ts';
import { SharedHttp2 } from './shared-http2.ts';

/** Go's transport gives a dial this long, whatever the request's own timeout. */
const DIAL_TIMEOUT_MS = 30_000;
/** How often a request that no server can have seen (REFUSED_STREAM, GOAWAY) is sent anew. */
const MAX_RETRIES = 5;

export interface HttpConnectionsOptions {
  dialer: Dialer;
  meter: ByteMeter;
  /** What bodies may take while they are read; left out, whatever comes. */
  bodies?: BodyBudget;
  /** Which local address the virtual user dials from. */
  localAddressIndex?: number | undefined;
  /** Idle connections kept for each host. */
  maxIdlePerHost: number;
  /** Every request on a connection of its own. */
  noReuse: boolean;
}

export interface RequestOptions {
  /** For everything, the body included; then the error is 1050. */
  timeoutMs: number;
  /** False: the body is read and thrown away. */
  readBody: boolean;
  /** For https; ignored for http. */
  tls: TlsParams | null;
  /** What the clock said just now (`performance.now()`), if the caller has asked it. */
  askedAt?: number;
  /** Who asks goes on computing: on a connection of HTTP/1.1 the request leaves at once, not at the end of the turn of the event loop. */
  leavesAtOnce?: boolean;
}

/** Told what becomes of a request: a response, or an error with the timings so far. */
export interface ResultListener {
  onResult(error: WireError | null, response: HttpResponse | null): void;
}

/** A request that is on its way. */
export interface InFlight {
  /** Gives it up; the listener is told that error, unless it has been told the outcome. */
  cancel(error: WireError): void;
}

/** Mostly all virtual users go to one origin: its key is one text for them then, not a text for each. */
let lastKey = '';

/** Where requests to one origin go: idle connections, latest used last, and the shared one of HTTP/2. */
class Origin implements ConnectionKeeper {
  /** Mostly one: a list whose room is no larger than it was made for. */
  idle: Http1Connection[] | null = null;
  shared: SharedHttp2 | null = null;

  forget(connection: Http1Connection): void {
    const index = this.idle?.indexOf(connection) ?? -1;
    if (index >= 0) this.idle!.splice(index, 1);
  }
}

/** The connections of one virtual user; which of them a request takes. Connections are never shared between users. */
export class HttpConnections {
  readonly options: HttpConnectionsOptions;
  /** Most virtual users request from one origin only: that one needs no map. */
  #firstKey = '';
  #first: Origin | null = null;
  #others: Map<string, Origin> | null = null;
  /** Unordered: each exchange knows its place. As with the idle connections, its room is that of the most there were. */
  #active: Exchange[] | null = null;
  /** The tls object last seen and its identity: nearly always the same one, and its text is long. */
  #tlsSeen: TlsParams | null = null;
  #tlsText = '';
  /** The request seen last and where it went: mostly the next one goes there too. */
  #lastRequest: HttpRequest | null = null;
  #lastTls: TlsParams | null = null;
  #lastOrigin: Origin | null = null;
  #closed = false;

  constructor(options: HttpConnectionsOptions) {
    this.options = options;
  }

  /** Sends a request; rejects with a {@link WireError}, which carries the timings so far. */
  request(request: HttpRequest, options: RequestOptions): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.start(request, options, {
        onResult(error, response) {
          if (response !== null) resolve(response);
          else reject(error);
        },
      });
    });
  }

  /** As {@link request}, by callback; the listener may be told before this returns. */
  start(request: HttpRequest, options: RequestOptions, listener: ResultListener): InFlight {
    const exchange = new Exchange(this, request, options, listener);
    if (this.#active === null) this.#active = [exchange];
    else exchange.index = this.#active.push(exchange) - 1;
    exchange.run();
    return exchange;
  }

  /** Requests in progress. */
  get active(): number {
    return this.#active?.length ?? 0;
  }

  /** Gives up what is in progress without calling back, as an interrupted iteration does. */
  abandonActive(): void {
    for (const exchange of this.#active?.splice(0) ?? []) exchange.abandon();
  }

  /** Closes the connections that no request is using, so that the next ones dial anew. */
  closeIdle(): void {
    if (this.#first !== null) this.#closeIdleOf(this.#first);
    for (const origin of this.#others?.values() ?? []) this.#closeIdleOf(origin);
  }

  #closeIdleOf(origin: Origin): void {
    for (const idle of origin.idle ?? []) {
      idle.keeper = null;
      idle.connection.destroy();
    }
    origin.idle = null;
    if (origin.shared !== null && this.active === 0) {
      origin.shared.close();
      origin.shared = null;
    }
  }

  close(): void {
    this.#closed = true;
    this.abandonActive();
    this.closeIdle();
    this.#first = null;
    this.#others = null;
    this.#lastOrigin = null;
  }

  /** @internal */
  originOf(request: HttpRequest, tls: TlsParams | null): Origin {
    const last = this.#lastRequest;
    if (last !== null && this.#lastOrigin !== null) {
      if (last === request) return this.#lastOrigin;
      const isAlike =
        last.host === request.host &&
        last.port === request.port &&
        last.scheme === request.scheme &&
        last.proxy === request.proxy &&
        this.#lastTls === tls;
      if (isAlike) return this.#lastOrigin;
    }
    const { proxy = null } = request;
    // What a proxy forwards may be for any host: its connections serve them all.
    let text =
      proxy !== null && isForwarded(proxy, request.scheme)
        ? `proxy:${proxy.shown}`
        : `${request.scheme}:${request.host}:${request.port}`;
    if (request.scheme === 'https' && tls !== null) {
      if (this.#tlsSeen !== tls) {
        this.#tlsSeen = tls;
        this.#tlsText = tlsIdentity(tls);
      }
      text += this.#tlsText;
    }
    const origin = this.#originNamed(text === lastKey ? lastKey : (lastKey = text));
    this.#lastRequest = request;
    this.#lastTls = tls;
    this.#lastOrigin = origin;
    return origin;
  }

  #originNamed(key: string): Origin {
    if (this.#first === null) {
      this.#firstKey = key;
      this.#first = new Origin();
    }
    if (this.#firstKey === key) return this.#first;
    this.#others ??= new Map();
    let origin = this.#others.get(key);
    if (origin === undefined) this.#others.set(key, (origin = new Origin()));
    return origin;
  }

  /** @internal Takes a kept connection out of the pool. */
  take(origin: Origin): Http1Connection | null {
    for (;;) {
      const kept = origin.idle?.pop();
      if (kept === undefined) return null;
      if (kept.usable) return kept;
    }
  }

  /** @internal Puts a connection back, unless it has ended or there are enough. */
  keep(origin: Origin, connection: Http1Connection): void {
    if (connection.connection.closed) return;
    if (this.#closed || this.options.noReuse || (origin.idle?.length ?? 0) >= this.options.maxIdlePerHost) {
      connection.connection.destroy();
      return;
    }
    connection.keeper = origin;
    if (origin.idle === null) origin.idle = [connection];
    else origin.idle.push(connection);
  }

  /** @internal */
  share(origin: Origin, shared: SharedHttp2): void {
    if (origin.shared?.usable === true) return;
    origin.shared = shared;
    shared.onEnd = () => {
      if (origin.shared === shared) origin.shared = null;
    };
  }

  /** @internal */
  finished(exchange: Exchange): void {
    const active = this.#active;
    const last = active?.pop();
    if (last === undefined || last === exchange) return;
    active![exchange.index] = last;
    last.index = exchange.index;
  }
}

/** One request on its way to a response: finding a connection, perhaps another one, within its time. */
class Exchange implements ExchangeListener, InFlight, TimerTarget {
  /** Its place in the pool's list. */
  index = 0;
  readonly #pool: HttpConnections;
  readonly #request: HttpRequest;
  readonly #options: RequestOptions;
  readonly #listener: ResultListener;
  readonly #origin: Origin;
  readonly #began: number;
  readonly #timer: TimerHandle;
  readonly #timings = startTimings();
  #connection: Http1Connection | null = null;
  #shared: SharedHttp2 | null = null;
  #giveUp: ((error: WireError | null) => void) | null = null;
  #dialing: Dialing | null = null;
  /** The connection had carried a request before: the server may have been closing it just now. */
  #kept = false;
  #retries = 0;
  /** On kept connections. */
  #tries = 0;
  #over = false;

  constructor(pool: HttpConnections, request: HttpRequest, options: RequestOptions, listener: ResultListener) {
    this.#pool = pool;
    this.#request = request;
    this.#options = options;
    this.#listener = listener;
    this.#origin = pool.originOf(request, options.tls);
    this.#began = options.askedAt ?? performance.now();
    this.#timer = timerWheel.schedule(options.timeoutMs, this, this.#began);
  }

  run(): void {
    const { host, port, proxy = null } = this.#request;
    // A connection to a proxy that is kept may have been dialled for another host.
    const refusal = proxy === null ? null : this.#pool.options.dialer.refuseBehindProxy(host, port);
    if (refusal !== null) {
      this.#timings.blocked = performance.now() - this.#began;
      this.#fail(refusal);
      return;
    }
    const { shared } = this.#origin;
    if (shared?.usable === true && !this.#pool.options.noReuse) {
      this.#kept = true;
      this.#sendShared(shared, this.#tries++ === 0 ? this.#began : performance.now());
      return;
    }
    const kept = this.#pool.options.noReuse ? null : this.#pool.take(this.#origin);
    if (kept !== null) {
      this.#kept = true;
      // The first has not waited for anything: the clock, read just now, need not be read again.
      const now = this.#tries++ === 0 ? this.#began : performance.now();
      this.#timings.blocked = now - this.#began;
      this.#send(kept, now);
      return;
    }
    this.#kept = false;
    const { dialer, meter, localAddressIndex } = this.#pool.options;
    this.#dialing = dialer.start(
      {
        host,
        port,
        tls: this.#request.scheme === 'https' ? this.#options.tls : null,
        timeoutMs: DIAL_TIMEOUT_MS,
        meter,
        ...(localAddressIndex === undefined ? {} : { localAddressIndex }),
        ...(proxy === null ? {} : { proxy, forwards: isForwarded(proxy, this.#request.scheme) }),
      },
      (error, connection) => {
        this.#dialing = null;
        this.#timings.blocked = performance.now() - this.#began;
        if (connection === null) this.#fail(error as WireError);
        else this.#dialled(connection);
      },
    );
    // A refusal that was known at once has called back before `start` returned.
    if (this.#over) this.#dialing = null;
  }

  #dialled(connection: Connection): void {
    const { marks } = connection;
    this.#timings.lookingUp = marks.lookupMs;
    this.#timings.connecting = marks.connectMs;
    this.#timings.tlsHandshaking = marks.tlsMs;
    if (connection.alpn === 'h2') {
      const { shared: other } = this.#origin;
      // Several requests at once have dialled several connections; the first to arrive serves them all.
      if (other?.usable === true && !this.#pool.options.noReuse) {
        connection.destroy();
        this.#sendShared(other, performance.now());
        return;
      }
      const shared = new SharedHttp2(connection, this.#pool.options.bodies);
      if (!this.#pool.options.noReuse) this.#pool.share(this.#origin, shared);
      this.#sendShared(shared, performance.now());
      return;
    }
    this.#send(new Http1Connection(connection, this.#pool.options.bodies), performance.now());
  }

  #send(connection: Http1Connection, now: number): void {
    this.#connection = connection;
    try {
      connection.send(this.#request, this.#options.readBody, this.#timings, this, now);
    } catch (error) {
      connection.abandon();
      this.#fail(new WireError(1000, (error as Error).message, { cause: error }));
      return;
    }
    if (this.#options.leavesAtOnce === true) connection.flush();
  }

  #sendShared(shared: SharedHttp2, now: number): void {
    // A request whose head is written already has been checked by that.
    if (this.#request.http1Head === undefined) {
      try {
        checkHead(this.#request);
      } catch (error) {
        if (this.#pool.options.noReuse) shared.close();
        this.#fail(new WireError(1000, (error as Error).message, { cause: error }));
        return;
      }
    }
    this.#shared = shared;
    // Where it is sent anew, what was tried before is part of it.
    this.#timings.blocked = now - this.#began;
    const giveUp = shared.send(this.#request, this.#options.readBody, this.#timings, this, now);
    if (!this.#over) this.#giveUp = giveUp;
  }

  onResponse(response: HttpResponse): void {
    const connection = this.#connection;
    this.#finish();
    if (connection !== null) this.#pool.keep(this.#origin, connection);
    else if (this.#pool.options.noReuse) this.#shared?.close();
    this.#listener.onResult(null, response);
  }

  onFailure(error: WireError, retry: Resend): void {
    if (this.#over) return;
    const again =
      retry === 'unseen' ? this.#retries++ < MAX_RETRIES : retry === 'unanswered' && this.#kept && this.#replayable();
    if (again) {
      this.#connection = null;
      this.#giveUp = null;
      this.#shared = null;
      this.run();
      return;
    }
    this.#fail(error);
  }

  /** Whether sending it twice can do no harm that once does not (Go's rule: RFC 9110 section 9.2.1, or the header says so). */
  #replayable(): boolean {
    const { method, headers } = this.#request;
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'TRACE') return true;
    return headers.some(([name]) => /^(x-)?idempotency-key$/i.test(name));
  }

  onTimer(): void {
    this.cancel(new WireError(1050, 'request timeout'));
  }

  cancel(error: WireError): void {
    if (this.#over) return;
    if (this.#dialing !== null) {
      this.#dialing.cancel();
      this.#timings.blocked = performance.now() - this.#began;
      this.#fail(error);
    } else if (this.#giveUp !== null) this.#giveUp(error);
    else this.#connection?.fail(error);
    this.#fail(error);
  }

  #fail(error: WireError): void {
    if (this.#over) return;
    const connection = this.#connection?.connection;
    this.#finish();
    error.timings = this.#timings;
    if (connection !== undefined) {
      error.remoteIp = connection.remoteAddress;
      error.remotePort = connection.remotePort;
    }
    this.#listener.onResult(error, null);
  }

  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    timerWheel.cancel(this.#timer);
    this.#dialing?.cancel();
    this.#giveUp?.(null);
    this.#connection?.abandon();
  }

  #finish(): void {
    this.#over = true;
    timerWheel.cancel(this.#timer);
    this.#pool.finished(this);
    this.#connection = null;
    this.#giveUp = null;
  }
}
