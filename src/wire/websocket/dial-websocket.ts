// From an address to an open WebSocket: dialling and handshake, within one deadline.

import type { HttpResponse } from '../http1/exchange.ts';
import type { Connection } from '../net/connection.ts';
import type { Dialer, Dialing, DialRequest } from '../net/dialer.ts';
import { type TimerHandle, timerWheel } from '../net/timer-wheel.ts';
import { WireError } from '../net/wire-error.ts';
import { type Agreement, Handshake, type HandshakeRequest } from './handshake.ts';

export interface WebSocketRequest extends HandshakeRequest {
  readonly dialer: Dialer;
  /** With a TLS of its own, which offers http/1.1 only. `timeoutMs` is for all: look-up to the answer. */
  readonly dial: DialRequest;
}

export interface OpeningListener {
  onOpen(agreement: Agreement, connection: Connection): void;
  /** @param response what the server answered, if it answered */
  onFailed(error: WireError, response: HttpResponse | null, connection: Connection | null): void;
}

/** A WebSocket that is being opened. Exactly one of the listener's functions is called, and never from within the constructor, unless it is cancelled. */
export class Opening {
  readonly #listener: OpeningListener;
  readonly #deadline: TimerHandle;
  #step: { cancel(): void } | null = null;
  #connection: Connection | null = null;
  #over = false;

  constructor(request: WebSocketRequest, listener: OpeningListener) {
    this.#listener = listener;
    const { timeoutMs } = request.dial;
    let returned = false;
    // The dial has the same time to begin with: while it lasts, its own timer says better what took so long.
    this.#deadline = timerWheel.schedule(timeoutMs, () => {
      if (this.#connection !== null) this.#fail(handshakeTimeout(timeoutMs), null);
    });
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

  #dialled(request: WebSocketRequest, error: WireError | null, connection: Connection | null): void {
    if (this.#over) connection?.destroy();
    else if (connection !== null) this.#shakeHands(request, connection);
    else this.#fail(error as WireError, null);
  }

  #shakeHands(request: WebSocketRequest, connection: Connection): void {
    this.#connection = connection;
    const handshake = new Handshake(connection, request, {
      onAgreed: (agreement) => {
        if (this.#over) return;
        this.#finish();
        this.#listener.onOpen(agreement, connection);
      },
      onRefused: (error, response) => this.#fail(error, response),
    });
    this.#step = handshake;
    try {
      handshake.start();
    } catch (error) {
      this.#fail(new WireError(1000, (error as Error).message), null);
    }
  }

  #finish(): void {
    this.#over = true;
    timerWheel.cancel(this.#deadline);
  }

  #fail(error: WireError, response: HttpResponse | null): void {
    if (this.#over) return;
    this.#finish();
    this.#step?.cancel();
    this.#listener.onFailed(error, response, this.#connection);
  }
}

function handshakeTimeout(timeoutMs: number): WireError {
  return new WireError(1050, `websocket: handshake timeout after ${timeoutMs / 1000} s`);
}
