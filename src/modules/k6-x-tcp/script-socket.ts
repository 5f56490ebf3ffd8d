// One socket of a script, from its construction to its `close` event.
import type { TagSet } from '../../metrics/tag-set.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import { createDialRequest } from '../../vu/dial-request.ts';
import { EventSource } from '../../vu/event-source.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import { toRealmBuffer } from '../../vu/script-bytes.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Connection } from '../../wire/net/connection.ts';
import type { Dialing } from '../../wire/net/dialer.ts';
import { type TimerHandle, timerWheel } from '../../wire/net/timer-wheel.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { readConnect, readTimeout, readWrite } from './socket-arguments.ts';
import type { SocketMetrics } from './socket-metrics.ts';

const EVENTS = ['connect', 'data', 'close', 'error', 'timeout'] as const;
const CONNECT_MS = 60_000;

type State = 'disconnected' | 'opening' | 'open' | 'destroyed';

/** A promise of the script's that waits for the connection. */
interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

interface PendingWrite extends Waiting {
  readonly tags: TagSet;
}

export class ScriptSocket {
  state: State = 'disconnected';
  bytesRead = 0;
  bytesWritten = 0;
  readonly events: EventSource<(typeof EVENTS)[number]>;
  readonly #vu: VirtualUser;
  readonly #metrics: SocketMetrics;
  #tags: TagSet;
  #dialing: Dialing | null = null;
  #opening: Waiting | null = null;
  #connection: Connection | null = null;
  /** Kept, since a closed connection no longer knows its own. */
  #local: { readonly ip: string; readonly port: number } | null = null;
  readonly #writes = new Set<PendingWrite>();
  #began = 0;
  #timeoutMs = 0;
  #timer: TimerHandle | null = null;
  #release: (() => void) | null = null;
  #forget: (() => void) | null = null;

  /** @throws for tags whose values cannot be any */
  constructor(vu: VirtualUser, object: object, metrics: SocketMetrics, options: unknown) {
    this.#vu = vu;
    this.#metrics = metrics;
    const { tags } = (typeof options === 'object' && options !== null ? options : {}) as Record<string, unknown>;
    this.#tags = addCustomTags(vu.environment.realm, vu.tags, tags);
    this.events = new EventSource({
      vu,
      object,
      types: EVENTS,
      flow: (isHeld) => (isHeld ? this.#connection?.pause() : this.#connection?.resume()),
      onThrown: () => this.abandon(),
    });
  }

  get local(): { readonly ip: string; readonly port: number } | null {
    return this.#local;
  }

  get remote(): { readonly ip: string; readonly port: number } | null {
    const connection = this.#connection;
    return connection === null ? null : { ip: connection.remoteAddress, port: connection.remotePort };
  }

  /** @throws for arguments that cannot be used, and for a socket that has been connected before */
  async connect(first: unknown, second: unknown): Promise<void> {
    this.#vu.forbidInit('connecting a Socket');
    const { host, port, secure, tags } = readConnect(first, second);
    if (this.state !== 'disconnected')
      throw this.#error(
        `connect() needs a new Socket, this one is ${this.state === 'destroyed' ? 'destroyed' : 'in use'}`,
      );
    const { realm, network } = this.#vu.environment;
    this.#tags = addCustomTags(realm, this.#tags, tags);
    this.state = 'opening';
    this.#release = this.#vu.loop.hold();
    this.#forget = this.#vu.onCutShort(() => this.abandon());
    const opened = new Promise<void>((resolve, reject) => {
      this.#opening = { resolve, reject };
    });
    const request = createDialRequest(this.#vu, { host, port, secure, timeoutMs: CONNECT_MS });
    this.#dialing = network.dialer.start(request, (error, connection) => {
      this.#dialing = null;
      if (connection === null) this.#fail(error ?? new WireError(1210, 'dial: failed'));
      else this.#open(connection);
    });
    return opened;
  }

  #open(connection: Connection): void {
    this.#connection = connection;
    this.#began = performance.now();
    this.#local = { ip: connection.localAddress, port: connection.localPort };
    this.state = 'open';
    this.#metrics.connected(this.#tags, connection);
    connection.handler = {
      onData: (chunk) => this.#take(chunk),
      onDrain: () => {},
      onClose: (error) => (error === null ? this.#close(null) : this.#fail(error)),
      onFault: (failure) => this.#fail(failure),
    };
    this.#arm();
    this.events.post('connect', () => []);
    this.#opening?.resolve();
    this.#opening = null;
  }

  #take(chunk: Buffer): void {
    this.bytesRead += chunk.length;
    this.#metrics.count('reads', this.#tags);
    this.#arm();
    // The chunk's memory is the wire's.
    const copy = Buffer.from(chunk);
    const { realm } = this.#vu.environment;
    this.events.post('data', () => [new realm.intrinsics.Uint8Array(toRealmBuffer(realm, copy))]);
  }

  /** @throws for data that cannot be sent, and for a socket that is not open */
  async write(data: unknown, options: unknown): Promise<void> {
    const { bytes, tags } = readWrite(data, options);
    const connection = this.#connection;
    if (this.state !== 'open' || connection === null)
      throw this.#error(`write() needs an open Socket, this one is ${this.state}`);
    const own = addCustomTags(this.#vu.environment.realm, this.#tags, tags);
    this.bytesWritten += bytes.length;
    this.#metrics.count('writes', own);
    await new Promise<void>((resolve, reject) => {
      const write = { tags: own, resolve, reject };
      this.#writes.add(write);
      connection.write(bytes, () => {
        this.#writes.delete(write);
        resolve();
      });
    });
  }

  setTimeout(given: unknown): void {
    this.#timeoutMs = readTimeout(given);
    this.#arm();
  }

  /** Begins to wait for data anew. */
  #arm(): void {
    if (this.#timer !== null) timerWheel.cancel(this.#timer);
    this.#timer = null;
    if (this.#timeoutMs === 0 || this.state !== 'open') return;
    this.#timer = timerWheel.schedule(this.#timeoutMs, () => {
      this.#timer = null;
      this.#metrics.count('timeouts', this.#tags);
      this.events.post('timeout', () => []);
    });
  }

  /** As the script wants it, at any time. */
  destroy(): void {
    if (this.state === 'destroyed') return;
    if (this.state === 'disconnected') {
      this.state = 'destroyed';
      this.events.post('close', () => []);
      return;
    }
    this.#close(new WireError(1030, 'the socket was destroyed'));
  }

  #fail(error: WireError): void {
    if (this.state === 'destroyed') return;
    this.#metrics.failed(this.#tags, error);
    this.events.post('error', () => [toScriptError(this.#vu.environment.realm, error)]);
    this.#close(error);
  }

  /** @param reason why what waits has failed; null: the peer has closed the connection */
  #close(reason: WireError | null): void {
    this.#end(reason ?? new WireError(1040, 'EOF: the peer has closed the connection'));
    this.events.post(
      'close',
      () => [],
      () => this.#release?.(),
    );
  }

  #end(reason: WireError): void {
    const wasOpen = this.state === 'open';
    this.state = 'destroyed';
    this.#arm();
    this.#dialing?.cancel();
    this.#dialing = null;
    this.#connection?.destroy();
    this.#forget?.();
    if (wasOpen) this.#metrics.closed(this.#tags, performance.now() - this.#began);
    const error = toScriptError(this.#vu.environment.realm, reason);
    this.#opening?.reject(error);
    this.#opening = null;
    // The system takes one write after another: of the first that waits it has a part, of the others nothing.
    const [first] = this.#writes;
    if (first !== undefined) this.#metrics.count('partial_writes', first.tags);
    for (const { reject } of this.#writes) reject(error);
    this.#writes.clear();
  }

  /** The iteration is over: nothing is heard any more, what it took is measured. */
  abandon(): void {
    if (this.state !== 'destroyed') this.#end(new WireError(1030, 'the iteration is over'));
    this.#release?.();
  }

  #error(message: string): Error {
    return this.#vu.environment.realm.error('Error', message, { name: 'InvalidStateError' });
  }
}
