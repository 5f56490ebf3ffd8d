// The HTTP/2 connections that the WebSockets of a virtual user share.
import { Http2Connection } from '../http2/connection.ts';
import type { Connection } from '../net/connection.ts';
import type { Dialer, Dialing, DialRequest } from '../net/dialer.ts';
import { tlsIdentity } from '../net/tls-params.ts';
import { WireError } from '../net/wire-error.ts';

/** What a socket gets: a connection that takes streams of other protocols, or one to shake hands on as ever; null: dial one for that. */
export type JoinedPlace =
  | { readonly kind: 'http2'; readonly http2: Http2Connection }
  | { readonly kind: 'http1'; readonly connection: Connection | null };

export type Joined = (error: WireError | null, place: JoinedPlace | null) => void;

interface Waiting {
  readonly done: Joined;
}

/** A connection of one origin, from its dial to its end. */
interface Shared {
  http2: Http2Connection | null;
  dialing: Dialing | null;
  /** Sockets that wait for the connection to be ready. */
  readonly waiting: Set<Waiting>;
}

export class Http2Connections {
  readonly #byOrigin = new Map<string, Shared>();

  /**
   * Gives a socket its place: on a connection that has room, or on a new one.
   * @param dial with a TLS that offers `h2`
   * @param done never called from within
   * @returns gives up
   */
  join(dialer: Dialer, dial: DialRequest, done: Joined): { cancel(): void } {
    const { tls, proxy } = dial;
    const key = JSON.stringify([
      dial.host,
      dial.port,
      tls === null ? null : tlsIdentity(tls),
      proxy?.host,
      proxy?.port,
    ]);
    let shared = this.#byOrigin.get(key);
    const ready = shared?.http2;
    if (ready?.peer.received && ready.hasRoom) {
      let isCancelled = false;
      queueMicrotask(() => {
        if (isCancelled) return;
        // It may have ended meanwhile.
        if (ready.hasRoom) done(null, { kind: 'http2', http2: ready });
        else waiting = this.join(dialer, dial, done);
      });
      let waiting: { cancel(): void } | null = null;
      return {
        cancel() {
          isCancelled = true;
          waiting?.cancel();
        },
      };
    }
    // One without room stays with the sockets that it has: those to come get another.
    if (shared === undefined || shared.http2?.peer.received) shared = this.#dial(key, dialer, dial);
    const { waiting } = shared;
    const own: Waiting = { done };
    waiting.add(own);
    const joined = shared;
    return {
      cancel: () => {
        if (!waiting.delete(own) || waiting.size > 0) return;
        joined.dialing?.cancel();
        joined.http2?.close();
        this.#forget(key, joined);
      },
    };
  }

  /** A socket is done with its connection, which ends with the last of them. */
  leave(http2: Http2Connection): void {
    if (http2.active === 0) http2.drain();
  }

  #dial(key: string, dialer: Dialer, dial: DialRequest): Shared {
    const shared: Shared = { http2: null, dialing: null, waiting: new Set() };
    this.#byOrigin.set(key, shared);
    const settle = (error: WireError | null, place: (first: boolean) => JoinedPlace | null): void => {
      this.#forgetUnlessHttp2(key, shared);
      const all = [...shared.waiting];
      shared.waiting.clear();
      for (const [at, { done }] of all.entries()) done(error, error === null ? place(at === 0) : null);
    };
    shared.dialing = dialer.start(dial, (error, connection) => {
      // A name that is blocked is refused at once, while nobody waits yet.
      queueMicrotask(() => {
        shared.dialing = null;
        if (error !== null || connection === null) settle(error, () => null);
        else if (shared.waiting.size === 0) connection.destroy();
        else if (connection.alpn !== 'h2')
          settle(null, (first) => ({ kind: 'http1', connection: first ? connection : null }));
        else this.#shakeHands(key, shared, connection, settle);
      });
    });
    return shared;
  }

  #shakeHands(
    key: string,
    shared: Shared,
    connection: Connection,
    settle: (error: WireError | null, place: (first: boolean) => JoinedPlace | null) => void,
  ): void {
    const http2 = Http2Connection.over(connection);
    shared.http2 = http2;
    http2.onUnusable = () => this.#forget(key, shared);
    http2.onClosed = () => settle(http2.failure ?? new WireError(1040, 'EOF'), () => null);
    http2.onReady = () => {
      if (http2.peer.takesConnectProtocol) settle(null, () => ({ kind: 'http2', http2 }));
      else {
        settle(null, () => ({ kind: 'http1', connection: null }));
        http2.close();
      }
    };
  }

  #forget(key: string, shared: Shared): void {
    if (this.#byOrigin.get(key) === shared) this.#byOrigin.delete(key);
  }

  #forgetUnlessHttp2(key: string, shared: Shared): void {
    if (shared.http2?.usable !== true) this.#forget(key, shared);
  }
}
