import { Http2Connection, type Http2Options } from '../http2/connection.ts';
import { HeaderBlock } from '../http2/hpack/encoder.ts';
import type { SelfEncoding } from '../http2/stream.ts';
import type { ByteMeter } from '../net/byte-meter.ts';
import type { Connection } from '../net/connection.ts';
import type { Dialer } from '../net/dialer.ts';
import type { ProxyRoute } from '../net/proxy.ts';
import { timerWheel } from '../net/timer-wheel.ts';
import type { TlsParams } from '../net/tls-params.ts';
import { WireError } from '../net/wire-error.ts';
import type { CallHost, GrpcCall } from './call.ts';
import { CallResult } from './call-result.ts';
import { ClientStream, type ClientStreamHandlers, tooLargeToSend } from './client-stream.ts';
import { type Metadata, MetadataError } from './metadata.ts';
import { RequestBlocks } from './request-blocks.ts';
import { UnaryCall } from './unary-call.ts';
import { INTERNAL, type Verdict, verdict } from './verdict.ts';

export interface ChannelOptions {
  dialer: Dialer;
  /** A name or an address; IPv6 without brackets. */
  host: string;
  port: number;
  /** `:authority`, and the name that TLS checks unless `tls.serverName` is set; without it `host:port`. */
  authority?: string;
  /** Null for plaintext. `alpn` is set to h2. */
  tls: TlsParams | null;
  /** For connecting. */
  timeoutMs: number;
  meter: ByteMeter;
  /** What to go through; without it straight to the host. */
  proxy?: ProxyRoute | null;
  /** Which of the dialer's local addresses to use. */
  localAddressIndex?: number | undefined;
  /** Octets of a message; 4 MiB without it. */
  maxReceiveSize?: number;
  maxSendSize?: number;
  userAgent: string;
  /** Called with each connection that comes about, the first and those after it broke. */
  onConnected?: (connection: Connection) => void;
  http2?: Http2Options;
}

export interface UnaryRequest {
  /** `/package.Service/Method` */
  path: string;
  metadata: Metadata;
  /** Serialised, or able to serialise itself into the connection's buffer. */
  message: Uint8Array | SelfEncoding;
  /** Null for none. */
  timeoutMs: number | null;
}

export interface StreamRequest {
  path: string;
  metadata: Metadata;
  timeoutMs: number | null;
  /** The method is not server-streaming: exactly one message must come, or the call fails with INTERNAL; it is told with the end. */
  singleReply?: boolean;
}

/** A call in progress. */
export interface PendingCall {
  /** Gives it up: `done` is called with status CANCELLED. */
  cancel(message?: string): void;
}

const DEFAULT_MAX_RECEIVE = 4 * 1024 * 1024;
const DEFAULT_MAX_SEND = 0x7fff_ffff;
/** grpc-go's least time for an attempt to connect. */
const RECONNECT_TIMEOUT_MS = 20_000;
const FIRST_BACKOFF_MS = 1000;
const BACKOFF_FACTOR = 1.6;
const BACKOFF_JITTER = 0.2;
const MAX_BACKOFF_MS = 120_000;
const CLOSING = 'grpc: the client connection is closing';

/** A connection to one gRPC server, which is made anew when it breaks. Calls on it run side by side. */
export class Channel implements CallHost {
  readonly maxReceiveSize: number;
  readonly #options: ChannelOptions;
  readonly #maxSendSize: number;
  readonly #blocks: RequestBlocks;
  #http2: Http2Connection | null = null;
  /** Connections after their GOAWAY, with calls that are still served. */
  readonly #draining = new Set<Http2Connection>();
  readonly #waiting = new Set<GrpcCall>();
  #connecting: AbortController | null = null;
  #closed = false;
  #failures = 0;
  #failedUntil = 0;
  #lastError: WireError | null = null;

  /** Connects and waits for the server's SETTINGS. Rejects with a {@link WireError}: the first failure is final. */
  static async connect(options: ChannelOptions): Promise<Channel> {
    const channel = new Channel(options);
    const abort = new AbortController();
    channel.#connecting = abort;
    channel.#adopt(await channel.#dial(options.timeoutMs, abort.signal));
    channel.#connecting = null;
    return channel;
  }

  private constructor(options: ChannelOptions) {
    this.#options = options;
    this.maxReceiveSize = options.maxReceiveSize || DEFAULT_MAX_RECEIVE;
    this.#maxSendSize = options.maxSendSize || DEFAULT_MAX_SEND;
    const host = options.host.includes(':') ? `[${options.host}]` : options.host;
    const authority = options.authority || `${host}:${options.port}`;
    this.#blocks = new RequestBlocks(options.tls === null ? 'http' : 'https', authority, options.userAgent);
  }

  /** The address of the server, of the latest connection. */
  get remote(): { ip: string; port: number } | null {
    const connection = this.#http2?.connection;
    return connection === undefined ? null : { ip: connection.remoteAddress, port: connection.remotePort };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Calls one message there, one back. Never rejects: whatever happens is in the result. */
  unary(request: UnaryRequest): Promise<CallResult> {
    return new Promise((resolve) => this.startUnary(request, resolve));
  }

  /** As {@link unary}, by callback; `done` may be called before this returns. */
  startUnary(request: UnaryRequest, done: (result: CallResult) => void): PendingCall {
    const block = this.#findBlock(request.path, request.metadata, request.timeoutMs);
    let { message } = request;
    let refusal: Verdict | null = block instanceof HeaderBlock ? null : block;
    if (!(message instanceof Uint8Array) && message.maxLength > this.#maxSendSize) {
      const buffer = Buffer.allocUnsafe(message.maxLength);
      message = buffer.subarray(0, message.encodeInto(buffer, 0));
    }
    if (message instanceof Uint8Array && message.length > this.#maxSendSize)
      refusal = tooLargeToSend(message.length, this.#maxSendSize);
    if (refusal !== null || !(block instanceof HeaderBlock)) {
      done(new CallResult(refusal as Verdict, null, [], [], 0, this.#http2?.connection ?? null));
      return { cancel: () => {} };
    }
    const call = new UnaryCall(this, block, request.timeoutMs, message, done);
    call.start();
    return new PendingUnary(call);
  }

  /** Starts a call of any pattern; what is written before there is a connection waits for it. */
  stream(request: StreamRequest, handlers: ClientStreamHandlers = {}): ClientStream {
    const block = this.#findBlock(request.path, request.metadata, request.timeoutMs);
    const sound = block instanceof HeaderBlock ? block : new HeaderBlock([]);
    const stream = new ClientStream(this, sound, request, this.#maxSendSize, handlers);
    if (block instanceof HeaderBlock) stream.start();
    else queueMicrotask(() => stream.abort(block));
    return stream;
  }

  #findBlock(path: string, metadata: Metadata, timeoutMs: number | null): HeaderBlock | Verdict {
    try {
      return this.#blocks.find(path, metadata, timeoutMs);
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      return verdict(INTERNAL, error.message, 1000);
    }
  }

  /** @internal */
  acquire(call: GrpcCall): void {
    if (this.#closed) {
      call.failToConnect(new WireError(1030, CLOSING));
      return;
    }
    if (this.#http2?.usable === true) {
      call.attach(this.#http2);
      return;
    }
    // Fail-fast, as grpc-go: while it waits to try again, calls fail with the reason.
    if (this.#connecting === null && this.#lastError !== null && performance.now() < this.#failedUntil) {
      call.failToConnect(this.#lastError);
      return;
    }
    this.#waiting.add(call);
    if (this.#connecting === null) this.#reconnect();
  }

  /** @internal */
  withdraw(call: GrpcCall): void {
    this.#waiting.delete(call);
  }

  #reconnect(): void {
    const abort = new AbortController();
    this.#connecting = abort;
    this.#dial(RECONNECT_TIMEOUT_MS, abort.signal).then(
      (http2) => {
        this.#connecting = null;
        this.#adopt(http2);
        if (!this.#closed) this.#serveWaiting();
      },
      (error: WireError) => {
        this.#connecting = null;
        this.#lastError = error;
        const backoff = Math.min(FIRST_BACKOFF_MS * BACKOFF_FACTOR ** this.#failures++, MAX_BACKOFF_MS);
        this.#failedUntil = performance.now() + backoff * (1 + BACKOFF_JITTER * (2 * Math.random() - 1));
        this.#failWaiting(error);
      },
    );
  }

  #serveWaiting(): void {
    const calls = [...this.#waiting];
    this.#waiting.clear();
    for (const call of calls) this.acquire(call);
  }

  #failWaiting(error: WireError): void {
    const calls = [...this.#waiting];
    this.#waiting.clear();
    for (const call of calls) call.failToConnect(error);
  }

  async #dial(timeoutMs: number, signal: AbortSignal): Promise<Http2Connection> {
    const { dialer, host, port, meter, localAddressIndex, authority, proxy = null } = this.#options;
    const began = performance.now();
    let { tls } = this.#options;
    if (tls !== null) {
      const serverName = tls.serverName ?? (authority ? authority.replace(/:\d+$/, '') : undefined);
      tls = { ...tls, alpn: ['h2'], ...(serverName === undefined ? {} : { serverName }) };
    }
    const connection = await dialer.dial({
      host,
      port,
      tls,
      timeoutMs,
      meter,
      signal,
      proxy,
      ...(localAddressIndex === undefined ? {} : { localAddressIndex }),
    });
    if (tls !== null && connection.alpn !== 'h2') {
      connection.destroy();
      throw new WireError(
        1300,
        'credentials: cannot check peer: missing selected ALPN property: no HTTP/2 on this port',
      );
    }
    return this.#shakeHands(connection, timeoutMs - (performance.now() - began), signal);
  }

  /** Waits for the server's SETTINGS: only they tell that it speaks HTTP/2, and how many calls it admits. */
  #shakeHands(connection: Connection, timeoutMs: number, signal: AbortSignal): Promise<Http2Connection> {
    return new Promise((resolve, reject) => {
      const http2 = Http2Connection.over(connection, this.#options.http2);
      const settle = (error: WireError | null): void => {
        timerWheel.cancel(timer);
        signal.removeEventListener('abort', onAbort);
        http2.onReady = null;
        http2.onUnusable = null;
        if (error === null) {
          resolve(http2);
          return;
        }
        http2.close();
        reject(error);
      };
      const onAbort = (): void => settle(new WireError(1030, CLOSING));
      const timer = timerWheel.schedule(timeoutMs, () => settle(new WireError(1050, 'context deadline exceeded')));
      signal.addEventListener('abort', onAbort, { once: true });
      http2.onReady = () => settle(null);
      http2.onUnusable = () => settle(http2.failure ?? new WireError(1040, 'error reading server preface: EOF'));
    });
  }

  #adopt(http2: Http2Connection): void {
    if (this.#closed) {
      http2.close();
      return;
    }
    this.#options.onConnected?.(http2.connection);
    this.#failures = 0;
    this.#lastError = null;
    this.#http2 = http2;
    http2.onUnusable = () => {
      if (this.#http2 === http2) this.#http2 = null;
      if (!http2.closed) this.#draining.add(http2);
    };
    http2.onClosed = () => this.#draining.delete(http2);
    if (!http2.usable) http2.onUnusable();
  }

  /** Ends the connection; calls in progress end with CANCELLED. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const error = new WireError(1030, CLOSING);
    this.#connecting?.abort();
    this.#failWaiting(error);
    for (const http2 of this.#draining) http2.close(error);
    this.#draining.clear();
    this.#http2?.close(error);
    this.#http2 = null;
  }
}

class PendingUnary implements PendingCall {
  readonly #call: UnaryCall;

  constructor(call: UnaryCall) {
    this.#call = call;
  }

  cancel(message = 'context canceled'): void {
    this.#call.abort(verdict(1, message, 1030));
  }
}
