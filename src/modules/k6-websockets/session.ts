// One WebSocket of a virtual user: opening, messages, end, and what is measured of them. What a script sees of it is made by the two
// modules that have it.
import { type FailedExchange, rawResponse, remoteOf } from '../../vu/note-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { HttpResponse } from '../../wire/http1/exchange.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { Opening, type WebSocketRequest } from '../../wire/websocket/dial-websocket.ts';
import { CLOSE_CODE, describeCloseCode } from '../../wire/websocket/protocol.ts';
import { type SocketEnd, WebSocketConnection } from '../../wire/websocket/websocket-connection.ts';
import { OpeningSpan } from '../k6-http/opening-span.ts';
import { createRequest, type SocketParams, type SocketTarget, storeCookies } from './socket-request.ts';
import type { SocketSamples } from './socket-samples.ts';

export interface SessionListener {
  onOpen(response: HttpResponse, protocol: string, extensions: string): void;
  /** It never opened. @param response what the server answered instead, if it did */
  onRefused(error: WireError, response: HttpResponse | null): void;
  onMessage(data: string | Buffer): void;
  onPing(): void;
  onPong(): void;
  /** @param failure why it is no end as it should be: what scripts hear of as an error */
  onEnd(end: SocketEnd, failure: WireError | null): void;
  /** The iteration is over: nothing of the socket is heard any more. */
  onAbandoned(): void;
}

/** How long the server may take to answer a close frame, in ms. */
const CLOSE_MS = 10_000;
/** How long it may hold the connection open after that, in ms. */
const LINGER_MS = 2000;

export class Session {
  readonly #vu: VirtualUser;
  readonly #samples: SocketSamples;
  readonly #listener: SessionListener;
  readonly #release: () => void;
  readonly #forget: () => void;
  readonly #pings = new Map<string, number>();
  readonly #request: WebSocketRequest;
  readonly #url: string;
  readonly #endSpan: (response: HttpResponse | null, error: WireError | null) => void;
  readonly #began = performance.now();
  #response: HttpResponse | null = null;
  #opening: Opening | null = null;
  #socket: WebSocketConnection | null = null;
  #pinged = 0;
  /** The closing handshake was begun by the script. */
  #closedByUs = false;
  #ended = false;

  constructor(
    vu: VirtualUser,
    target: SocketTarget,
    params: SocketParams,
    protocols: readonly string[],
    samples: SocketSamples,
    listener: SessionListener,
  ) {
    this.#vu = vu;
    this.#samples = samples;
    this.#listener = listener;
    const span = OpeningSpan.begin(vu, params.headers);
    const request = createRequest(vu, target, params, protocols, span === null ? [] : [span.header]);
    this.#endSpan = (response, error) =>
      span?.end({ method: 'GET', shownUrl: target.url, url: target.http }, response, error);
    this.#request = request;
    this.#url = target.url;
    this.#release = vu.loop.hold();
    this.#forget = vu.onCutShort(() => {
      listener.onAbandoned();
      this.abandon();
    });
    this.#opening = new Opening(request, {
      onOpen: ({ response, protocol, extensions, compression, rest }, connection) => {
        this.#opening = null;
        this.#response = response;
        samples.answered(response.status, protocol, response.remoteIp);
        samples.counted();
        this.#endSpan(response, null);
        storeCookies(vu, target, params, response.values('set-cookie'));
        const limits = {
          messageOctets: vu.environment.options.maxResponseBytes,
          closeMs: CLOSE_MS,
          lingerMs: LINGER_MS,
        };
        this.#socket = new WebSocketConnection(connection, compression, limits, {
          onMessage: (data) => {
            samples.received();
            listener.onMessage(data);
          },
          onPing: () => listener.onPing(),
          onPong: (payload) => this.#takePong(payload),
          onEnd: (end) => this.#end(end),
        });
        listener.onOpen(response, protocol, extensions);
        this.#socket.start(rest);
      },
      onFailed: (error, response) => {
        this.#opening = null;
        if (response !== null) {
          samples.answered(response.status, '', response.remoteIp);
          storeCookies(vu, target, params, response.values('set-cookie'));
        }
        samples.counted();
        samples.failed(error, () => this.#describe(response));
        this.#endSpan(response, error);
        this.#ended = true;
        this.#forget();
        listener.onRefused(error, response);
      },
    });
  }

  /** Octets that wait to be sent. */
  get queued(): number {
    return this.#socket?.queued ?? 0;
  }

  /** Sends a message, and counts it. @returns false when it is closed, or being closed, already */
  send(data: string | Uint8Array): boolean {
    const sent = this.#socket?.send(data) ?? false;
    if (sent) this.#samples.sent();
    return sent;
  }

  /** @returns false when it is closed, or being closed, already */
  ping(): boolean {
    const id = String(this.#pinged++);
    const sent = this.#socket?.ping(Buffer.from(id)) ?? false;
    if (sent) this.#pings.set(id, performance.now());
    return sent;
  }

  /** Begins the closing handshake; while the socket is opening that ends at once. */
  close(code: number, reason: string): void {
    if (this.#socket !== null) {
      this.#closedByUs ||= this.#socket.state === 'open';
      this.#socket.close(code, reason);
      return;
    }
    if (this.#opening === null) return;
    this.#opening.cancel();
    this.#opening = null;
    this.#samples.counted();
    this.#ended = true;
    this.#forget();
    const error = new WireError(1030, 'websocket: closed before the connection was established');
    this.#endSpan(null, error);
    this.#listener.onRefused(error, null);
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** Everything that it said has been heard: the iteration need not wait for it any more. */
  done(): void {
    this.#release();
  }

  /** Ends it without a word: the iteration is over. What it took is measured. */
  abandon(): void {
    if (this.#opening !== null)
      this.#endSpan(null, new WireError(1030, 'websocket: the iteration ended before the connection was established'));
    this.#opening?.cancel();
    this.#opening = null;
    this.#socket?.leave();
    if (this.#socket !== null && !this.#ended) this.#samples.ended();
    this.#ended = true;
    this.#forget();
    this.#release();
  }

  get vu(): VirtualUser {
    return this.#vu;
  }

  #takePong(payload: Buffer): void {
    const id = payload.toString('latin1');
    const sent = this.#pings.get(id);
    if (sent !== undefined) {
      this.#samples.pong(performance.now() - sent);
      // A peer may answer the last of several pings only (RFC 6455, section 5.5.3): those before it will not be answered.
      for (const earlier of this.#pings.keys()) {
        this.#pings.delete(earlier);
        if (earlier === id) break;
      }
    }
    this.#listener.onPong();
  }

  /** @param response to the handshake */
  #describe(response: HttpResponse | null): FailedExchange {
    return {
      vu: this.#vu,
      target: this.#url,
      remote: response === null ? '' : remoteOf(response),
      timings: [['session', performance.now() - this.#began]],
      request: {
        start: `GET ${this.#url}`,
        headers: [
          ...this.#request.headers,
          ...this.#request.protocols.map((protocol) => ['Sec-WebSocket-Protocol', protocol] as const),
        ],
        body: null,
      },
      response: response && rawResponse(response),
    };
  }

  #end(end: SocketEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#forget();
    this.#samples.ended();
    const failure = end.error ?? explainClose(end, this.#closedByUs);
    // A close frame without a code is an error to scripts, as in k6, but says of no failure.
    if (failure !== null && end.code !== CLOSE_CODE.none)
      this.#samples.failed(failure, () => this.#describe(this.#response));
    this.#listener.onEnd(end, failure);
  }
}

/** What an orderly end says that is no normal one: null for 1000 and 1001, and for the answer to our own close frame. */
function explainClose({ code, reason }: SocketEnd, closedByUs: boolean): WireError | null {
  if (closedByUs || code === CLOSE_CODE.normal || code === CLOSE_CODE.goingAway) return null;
  const kind = `websocket: close ${code}${describeCloseCode(code)}`;
  return new WireError(1900, reason === '' ? kind : `${kind}: ${reason}`, { kind });
}
