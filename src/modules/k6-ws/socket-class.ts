// The socket of `k6/ws` (k6 page "k6/ws > Socket"): handlers, timers of its own, and the queue of events that connect() works off.
import { createAttachedState } from '../../script/attached-state.ts';
import type { Realm } from '../../script/realm-interface.ts';
import type { HostCall } from '../../script/runtime/host-steps.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { toBytes, toRealmBuffer } from '../../vu/script-bytes.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { CLOSE_CODE } from '../../wire/websocket/protocol.ts';
import type { SocketEnd } from '../../wire/websocket/websocket-connection.ts';
import { Backlog } from '../k6-websockets/backlog.ts';
import type { Session } from '../k6-websockets/session.ts';

export type LegacyEventType = 'open' | 'message' | 'binaryMessage' | 'ping' | 'pong' | 'error' | 'close' | 'timer';

export interface LegacyEvent {
  readonly type: LegacyEventType;
  /** As the wire has them; for a timer the function. */
  readonly args: readonly unknown[];
}

const TYPES: readonly string[] = ['open', 'message', 'binaryMessage', 'ping', 'pong', 'error', 'close'];
/** The longest that Node's timers wait, in ms. */
const LONGEST_MS = 2 ** 31 - 1;

/** Of a message. */
function octetsOf({ args: [data] }: LegacyEvent): number {
  return typeof data === 'string' || Buffer.isBuffer(data) ? data.length : 0;
}

export class LegacySocket {
  readonly handlers = new Map<string, unknown[]>();
  readonly #events: LegacyEvent[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #session: Session | null = null;
  #wake: ((event: LegacyEvent | null) => void) | null = null;
  readonly #backlog = new Backlog();

  open(session: Session): void {
    this.#session = session;
  }

  get session(): Session {
    if (this.#session === null) throw new Error('the WebSocket is not open');
    return this.#session;
  }

  send(data: string | Uint8Array): void {
    if (!this.session.send(data)) this.#postClosed();
  }

  ping(): void {
    if (!this.session.ping()) this.#postClosed();
  }

  /** As in k6, sending on a socket that is closed, or being closed, is an error that its handlers hear of. */
  #postClosed(): void {
    this.post('error', ['websocket: close sent']);
  }

  post(type: LegacyEventType, args: readonly unknown[]): void {
    const wake = this.#wake;
    if (wake !== null) {
      this.#wake = null;
      wake({ type, args });
      return;
    }
    const event = { type, args };
    this.#events.push(event);
    this.#backlog.add(octetsOf(event), this.#session);
  }

  /** The session is over: its timers with it. */
  postEnd({ code }: SocketEnd, failure: WireError | null): void {
    this.#clearTimers();
    if (failure !== null) this.post('error', [failure.message]);
    this.post('close', [code]);
  }

  /** The event that has waited longest; null when none does. */
  next(): LegacyEvent | null {
    const event = this.#events.shift() ?? null;
    if (event !== null) this.#backlog.take(octetsOf(event));
    return event;
  }

  /** The next event to come, when none waits. */
  wait(): Promise<LegacyEvent | null> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** @param repeats whether it fires again and again */
  startTimer(fn: unknown, ms: number, repeats: boolean): void {
    let waits = false;
    const done = (): void => {
      waits = false;
    };
    const timer = (repeats ? setInterval : setTimeout)(
      () => {
        if (!repeats) this.#timers.delete(timer);
        // As a ticker of Go's: while a handler blocks, the ticks do not pile up.
        if (waits) return;
        waits = true;
        this.post('timer', [fn, done]);
      },
      Math.min(ms, LONGEST_MS),
    );
    this.#timers.add(timer);
  }

  stop(): void {
    this.#clearTimers();
    this.#events.length = 0;
    this.#wake = null;
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

export interface SocketClass {
  show(socket: LegacySocket): object;
  /** The calls that an event leads to. */
  callsOf(socket: LegacySocket, event: LegacyEvent): HostCall[];
}

export function createSocketClass({ realm }: VuEnvironment): SocketClass {
  const sockets = createAttachedState<LegacySocket>();
  const own = (self: unknown): LegacySocket => {
    const socket = sockets.of(self);
    if (socket === null) throw new TypeError('this is not a Socket');
    return socket;
  };
  const shown = new WeakMap<LegacySocket, object>();
  const makeError = realm.evaluate('(message) => ({ error: () => message, toString: () => message })') as (
    message: string,
  ) => object;
  const timer = (name: string, repeats: boolean) => ({
    length: 2,
    impl(this: unknown, fn: unknown, ms: unknown) {
      if (typeof fn !== 'function') throw new TypeError(`${name}() takes a function and the time in ms`);
      const delay = Number(ms);
      if (!(delay > 0)) throw new Error(`${name} requires a >0 timeout parameter, received ${String(ms)}`);
      own(this).startTimer(fn, delay, repeats);
    },
  });
  const socketClass = realm.hostClass({
    name: 'Socket',
    construct() {
      throw new TypeError('a Socket comes from connect(); it cannot be constructed');
    },
    methods: {
      on: {
        length: 2,
        impl(this: unknown, type: unknown, fn: unknown) {
          if (typeof fn !== 'function')
            throw new TypeError(`on() takes the name of an event and a function, not ${typeof fn}`);
          const { handlers } = own(this);
          const name = String(type);
          if (!TYPES.includes(name)) return;
          const list = handlers.get(name);
          if (list === undefined) handlers.set(name, [fn]);
          else list.push(fn);
        },
      },
      send: {
        length: 1,
        impl(this: unknown, message: unknown) {
          own(this).send(String(message));
        },
      },
      sendBinary: {
        length: 1,
        impl(this: unknown, message: unknown) {
          const bytes = toBytes(message);
          if (bytes === null) throw new TypeError(`expected ArrayBuffer as argument, received: ${typeof message}`);
          own(this).send(bytes);
        },
      },
      ping: {
        length: 0,
        impl(this: unknown) {
          own(this).ping();
        },
      },
      setTimeout: timer('setTimeout', false),
      setInterval: timer('setInterval', true),
      close: {
        length: 0,
        impl(this: unknown, code: unknown) {
          own(this).session.close(code === undefined || code === null ? CLOSE_CODE.goingAway : readCloseCode(code), '');
        },
      },
    },
  });
  return {
    show(socket) {
      const object = socketClass.create();
      sockets.attach(object, socket);
      shown.set(socket, object);
      return object;
    },
    callsOf(socket, { type, args }) {
      const self = shown.get(socket);
      if (type === 'timer') {
        const [fn, taken] = args;
        (taken as () => void)();
        return [{ fn, self, args: [] }];
      }
      const given = args.map((arg) => {
        if (type === 'error') return makeError(String(arg));
        return type === 'binaryMessage' ? toBuffer(realm, arg as Buffer) : arg;
      });
      return (socket.handlers.get(type) ?? []).map((fn) => ({ fn, self, args: given }));
    },
  };
}

function toBuffer(realm: Realm, bytes: Buffer): ArrayBuffer {
  return toRealmBuffer(realm, bytes);
}

/** @throws RangeError for what is no close code */
function readCloseCode(given: unknown): number {
  const code = Number(given);
  if (Number.isInteger(code) && code >= 1000 && code <= 4999) return code;
  throw new RangeError(`close() takes a code from 1000 to 4999, not ${String(given)}`);
}
