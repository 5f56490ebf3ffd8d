// From an address to an open WebSocket: dialling and handshake, within one deadline.

import type { HttpResponse } from '../http1/exchange.ts';
import type { Http2Connection } from '../http2/connection.ts';
import type { ByteChannel, Connection } from '../net/connection.ts';
import type { Dialer, Dialing, DialRequest } from '../net/dialer.ts';
import { type TimerHandle, timerWheel } from '../net/timer-wheel.ts';
import { WireError } from '../net/wire-error.ts';
import { type Agreement, Handshake, type HandshakeListener, type HandshakeRequest } from './handshake.ts';
import type { Http2Connections, JoinedPlace } from './http2-connections.ts';
import { Http2Handshake } from './http2-handshake.ts';

export interface WebSocketRequest extends HandshakeRequest {
  readonly dialer: Dialer;
  /** With a TLS of its own, which offers http/1.1 only. `timeoutMs` is for all: look-up to the answer. */
  readonly dial: DialRequest;
  /** Where HTTP/2 is to be tried first: with a TLS that offers it, and the connections that there are. */
  readonly http2?: { readonly dial: DialRequest; readonly connections: Http2Connections } | null;
}

export interface OpeningListener {
  onOpen(agreement: Agreement, channel: ByteChannel): void;
  /** @param response what the server answered, if it answered */
  onFailed(error: WireError, response: HttpResponse | null): void;
}

/** A WebSocket that is being opened. Exactly one of the listener's functions is called, and never from within the constructor, unless it is cancelled. */
export class Opening {
  readonly #listener: OpeningListener;
  readonly #deadline: TimerHandle;
  #step: { cancel(): void } | null = null;
  readonly #answer: HandshakeListener<ByteChannel> = {
    onAgreed: (agreement, channel) => this.#agree(agreement, channel),
    onRefused: (error, response) => this.#fail(error, response),
  };
  #isDialled = false;
  #over = false;

  constructor(request: WebSocketRequest, listener: OpeningListener) {
    this.#listener = listener;
    const { timeoutMs } = request.dial;
    // The dial has the same time to begin with: while it lasts, its own timer says better what took so long.
    this.#deadline = timerWheel.schedule(timeoutMs, () => {
      if (this.#isDialled || request.http2) this.#fail(handshakeTimeout(timeoutMs), null);
    });
    if (!request.http2) this.#dial(request);
    else this.#join(request, request.http2);
  }

  #dial(request: WebSocketRequest): void {
    let returned = false;
    const dialing: Dialing = request.dialer.start(request.dial, (error, connection) => {
      if (returned) this.#dialled(request, error, connection);
      // A name that is blocked is refused at once.
      else queueMicrotask(() => this.#dialled(request, error, connection));
    });
    returned = true;
    this.#step = dialing;
  }

  /** Gives up; nothing is called back afterwards. */
  cancel(): void {
    if (this.#over) return;
    this.#finish();
    this.#step?.cancel();
  }

  #join(request: WebSocketRequest, { dial, connections }: NonNullable<WebSocketRequest['http2']>): void {
    this.#step = connections.join(request.dialer, dial, (error, place) => {
      if (this.#over) return;
      if (place === null) this.#fail(error as WireError, null);
      else this.#takePlace(request, place, connections);
    });
  }

  #takePlace(request: WebSocketRequest, place: JoinedPlace, connections: Http2Connections): void {
    if (place.kind === 'http2') this.#connect(request, place.http2, () => connections.leave(place.http2));
    else if (place.connection !== null) this.#shakeHands(request, place.connection);
    // The server speaks HTTP/2, but not this over it; or the connection that is there goes to another.
    else this.#dial(request);
  }

  #connect(request: WebSocketRequest, http2: Http2Connection, onOver: () => void): void {
    this.#begin(new Http2Handshake(http2, request, this.#answer, onOver));
  }

  #dialled(request: WebSocketRequest, error: WireError | null, connection: Connection | null): void {
    if (this.#over) connection?.destroy();
    else if (connection !== null) this.#shakeHands(request, connection);
    else this.#fail(error as WireError, null);
  }

  #shakeHands(request: WebSocketRequest, connection: Connection): void {
    this.#isDialled = true;
    this.#begin(new Handshake(connection, request, this.#answer));
  }

  #begin(handshake: Handshake | Http2Handshake): void {
    this.#step = handshake;
    try {
      handshake.start();
    } catch (error) {
      this.#fail(new WireError(1000, (error as Error).message), null);
    }
  }

  #agree(agreement: Agreement, channel: ByteChannel): void {
    if (this.#over) return;
    this.#finish();
    this.#listener.onOpen(agreement, channel);
  }

  #finish(): void {
    this.#over = true;
    timerWheel.cancel(this.#deadline);
  }

  #fail(error: WireError, response: HttpResponse | null): void {
    if (this.#over) return;
    this.#finish();
    this.#step?.cancel();
    this.#listener.onFailed(error, response);
  }
}

function handshakeTimeout(timeoutMs: number): WireError {
  return new WireError(1050, `websocket: handshake timeout after ${timeoutMs / 1000} s`);
}
