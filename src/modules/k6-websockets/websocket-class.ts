// `new WebSocket(url, protocols, params)` (k6 page "k6/websockets > WebSocket"): a socket whose events are jobs of its virtual user.
import { adviseOnTransport } from '../../codes/advise-on-transport.ts';
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostSteps, Realm, RealmFunction } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { toBytes, toRealmBuffer } from '../../vu/script-bytes.ts';
import { toText } from '../../vu/to-text.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { CLOSE_CODE } from '../../wire/websocket/protocol.ts';
import type { SocketEnd } from '../../wire/websocket/websocket-connection.ts';
import { Backlog } from './backlog.ts';
import { blobClassOf } from './blob-class.ts';
import { EventListeners, type EventType } from './event-listeners.ts';
import { Session } from './session.ts';
import { readParams, readProtocols, readTarget } from './socket-request.ts';
import { SocketSamples } from './socket-samples.ts';

const READY_STATE = { connecting: 0, open: 1, closing: 2, closed: 3 } as const;
type ReadyState = (typeof READY_STATE)[keyof typeof READY_STATE];

const MOST_REASON_OCTETS = 123;

/** Makes the objects that handlers get. */
type EventMaker = (type: string, target: object, timestamp: number) => Record<string, unknown>;

export function createWebSocketClass(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  const sockets = createAttachedState<ScriptSocket>();
  const own = (self: unknown): ScriptSocket => {
    const socket = sockets.of(self);
    if (socket === null) throw new TypeError('this is not a WebSocket');
    return socket;
  };
  const makeEvent = realm.evaluate('(type, target, timestamp) => ({ type, target, timestamp })') as EventMaker;
  /** The job of one event; what it is given is the host's own and never seen by the script. */
  const dispatch = realm.steppedFunction('', 2, function* (_self, { 0: given, 1: of }): HostSteps {
    const socket = given as ScriptSocket;
    const event = of as PendingEvent;
    socket.begin(event);
    try {
      const shown = event.show();
      // An event that its socket no longer has, such as a message after close().
      if (shown === null) return undefined;
      for (const fn of socket.listeners.of(event.type)) yield { fn, self: socket.object, args: [shown] };
      return undefined;
    } catch (error) {
      // As in k6, a handler that throws ends its socket, which hears of it, and then fails the iteration.
      if (socket.fail()) {
        const message = error instanceof realm.intrinsics.Error ? String(error.message) : String(error);
        for (const [type, fields] of [
          ['error', { error: message }],
          ['close', { code: CLOSE_CODE.abnormal, reason: '', wasClean: false }],
        ] as const) {
          const shown = Object.assign(makeEvent(type, socket.object, Date.now()), fields);
          for (const fn of socket.listeners.of(type)) yield { fn, self: socket.object, args: [shown] };
        }
      }
      throw error;
    } finally {
      socket.end(event);
    }
  });

  const handlers = Object.fromEntries(
    (['open', 'message', 'error', 'close', 'ping', 'pong'] as const).map((type) => [`on${type}`, type]),
  );
  const websocket = realm.hostClass({
    name: 'WebSocket',
    length: 1,
    construct(self, { 0: url, 1: protocols, 2: params }) {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('using WebSocket');
      sockets.attach(self, new ScriptSocket({ realm, vu, object: self, makeEvent, dispatch }, url, protocols, params));
    },
    methods: {
      send: {
        length: 1,
        impl(this: unknown, data: unknown) {
          own(this).send(data);
        },
      },
      ping: {
        length: 0,
        impl(this: unknown) {
          own(this).ping();
        },
      },
      close: {
        length: 0,
        impl(this: unknown, code: unknown, reason: unknown) {
          own(this).close(code, reason);
        },
      },
      addEventListener: {
        length: 2,
        impl(this: unknown, type: unknown, fn: unknown) {
          own(this).listeners.add(type, fn);
        },
      },
      removeEventListener: {
        length: 2,
        impl(this: unknown, type: unknown, fn: unknown) {
          own(this).listeners.remove(type, fn);
        },
      },
    },
    getters: {
      url(this: unknown) {
        return own(this).url;
      },
      readyState(this: unknown) {
        return own(this).readyState;
      },
      bufferedAmount(this: unknown) {
        return own(this).bufferedAmount;
      },
      extensions(this: unknown) {
        return own(this).extensions;
      },
      protocol(this: unknown) {
        return own(this).protocol;
      },
      binaryType(this: unknown) {
        return own(this).binaryType;
      },
      ...Object.fromEntries(
        Object.entries(handlers).map(([name, type]) => [
          name,
          function (this: unknown) {
            return own(this).listeners.property(type);
          },
        ]),
      ),
    },
    setters: {
      binaryType(this: unknown, value: unknown) {
        own(this).setBinaryType(value);
      },
      ...Object.fromEntries(
        Object.entries(handlers).map(([name, type]) => [
          name,
          function (this: unknown, fn: unknown) {
            own(this).listeners.setProperty(type, fn);
          },
        ]),
      ),
    },
  });
  // @types/k6 names them, so that scripts compare readyState with them.
  for (const holder of [websocket.constructor, websocket.prototype]) {
    for (const [name, value] of Object.entries(READY_STATE))
      Object.defineProperty(holder, name.toUpperCase(), {
        value,
        writable: false,
        enumerable: true,
        configurable: false,
      });
  }
  return websocket.constructor;
}

interface PendingEvent {
  readonly type: EventType;
  /** Of its message. */
  readonly octets: number;
  /** What the handlers get, made when it is their turn; null: nobody is to hear of it. */
  show(): object | null;
}

interface SocketParts {
  readonly realm: Realm;
  readonly vu: VirtualUser;
  /** The script's own. */
  readonly object: object;
  readonly makeEvent: EventMaker;
  readonly dispatch: RealmFunction;
}

class ScriptSocket {
  readonly listeners: EventListeners;
  readonly object: object;
  readonly url: string;
  readyState: ReadyState = READY_STATE.connecting;
  protocol = '';
  extensions = '';
  binaryType: 'blob' | 'arraybuffer' = 'blob';
  readonly #parts: SocketParts;
  readonly #origin: string;
  readonly #session: Session;
  readonly #backlog = new Backlog();

  constructor(parts: SocketParts, url: unknown, protocols: unknown, params: unknown) {
    const { realm, vu, object } = parts;
    const { environment } = vu;
    this.#parts = parts;
    this.object = object;
    this.listeners = new EventListeners(realm);
    const target = readTarget(url);
    const read = readParams(environment, params);
    const offered = readProtocols(protocols);
    this.url = String(url);
    this.#origin = `${target.secure ? 'wss' : 'ws'}://${target.http.authority}`;
    const samples = new SocketSamples(environment, vu.tags, read.tags, target.url, true);
    this.#session = new Session(vu, target, read, offered, samples, {
      onOpen: (_response, protocol, extensions) => {
        this.#post('open', () => {
          if (this.readyState !== READY_STATE.connecting) return null;
          this.readyState = READY_STATE.open;
          this.protocol = protocol;
          this.extensions = extensions;
          return {};
        });
      },
      onRefused: (error) => {
        this.#postError(error.message + adviseOnTransport(error, target.secure, 'websocket'));
        this.#postClose({ code: 1006, reason: '', wasClean: false, error });
      },
      onMessage: (data) => {
        this.#post(
          'message',
          () => {
            if (this.readyState !== READY_STATE.open) return null;
            return { data: this.#showData(data), origin: this.#origin };
          },
          data.length,
        );
      },
      onPing: () => this.#post('ping', () => ({})),
      onPong: () => this.#post('pong', () => ({})),
      onEnd: (end, failure) => {
        if (failure !== null) this.#postError(failure.message);
        this.#postClose(end);
      },
      onAbandoned: () => {
        this.readyState = READY_STATE.closed;
      },
    });
  }

  get bufferedAmount(): number {
    return this.#session.queued;
  }

  send(data: unknown): void {
    this.#requireOpen('send');
    const { realm } = this.#parts;
    if (typeof data === 'string') this.#session.send(data);
    else {
      const bytes = toBytes(data) ?? blobClassOf(realm).bytesOf(data);
      if (bytes === null)
        throw new TypeError(
          `send() takes text, an ArrayBuffer, a view of one or a Blob, not ${data === null ? 'null' : typeof data}`,
        );
      this.#session.send(bytes);
    }
  }

  ping(): void {
    this.#requireOpen('ping');
    this.#session.ping();
  }

  close(givenCode: unknown, givenReason: unknown): void {
    const code = givenCode === undefined || givenCode === null ? 1000 : Number(givenCode);
    const reason = givenReason === undefined || givenReason === null ? '' : toText(givenReason);
    if (code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw this.#error(
        'InvalidAccessError',
        `close() takes 1000 or a code from 3000 to 4999, not ${String(givenCode)}`,
      );
    }
    if (Buffer.byteLength(reason) > MOST_REASON_OCTETS) {
      throw this.#error(
        'SyntaxError',
        `the reason of close() may have ${MOST_REASON_OCTETS} bytes at most, not ${Buffer.byteLength(reason)}`,
      );
    }
    if (this.readyState === READY_STATE.closing || this.readyState === READY_STATE.closed) return;
    this.readyState = READY_STATE.closing;
    this.#session.close(code, reason);
  }

  setBinaryType(value: unknown): void {
    if (value !== 'blob' && value !== 'arraybuffer') {
      throw new TypeError(`binaryType is 'blob' or 'arraybuffer', not ${JSON.stringify(String(value))}`);
    }
    this.binaryType = value;
  }

  /** An event has got its turn. */
  begin({ octets }: PendingEvent): void {
    this.#backlog.take(octets);
  }

  /** A handler has thrown. @returns whether the socket had not closed by then */
  fail(): boolean {
    const wasAlive = this.readyState !== READY_STATE.closed;
    this.readyState = READY_STATE.closed;
    this.#session.abandon();
    return wasAlive;
  }

  end({ type }: PendingEvent): void {
    if (type === 'close') this.#session.done();
  }

  #requireOpen(what: string): void {
    if (this.readyState === READY_STATE.open) return;
    throw this.#error(
      'InvalidStateError',
      `${what}() needs an open WebSocket, this one is ${STATE_NAMES[this.readyState]}`,
    );
  }

  #error(name: string, message: string): Error {
    return this.#parts.realm.error('Error', message, { name });
  }

  #showData(data: string | Buffer): unknown {
    if (typeof data === 'string') return data;
    const { realm } = this.#parts;
    if (this.binaryType === 'blob') return blobClassOf(realm).create(data);
    return toRealmBuffer(realm, data);
  }

  #postError(message: string): void {
    this.#post('error', () => {
      this.readyState = READY_STATE.closed;
      return { error: message };
    });
  }

  #postClose({ code, reason, wasClean }: SocketEnd): void {
    this.#post('close', () => {
      this.readyState = READY_STATE.closed;
      return { code, reason, wasClean };
    });
  }

  /** @param read the state that the event brings, and the event's own fields; null: nobody is to hear of it */
  #post(type: EventType, read: () => Readonly<Record<string, unknown>> | null, octets = 0): void {
    const { vu, object, makeEvent, dispatch } = this.#parts;
    const timestamp = Date.now();
    const event: PendingEvent = {
      type,
      octets,
      show: () => {
        const fields = read();
        if (fields === null) return null;
        const shown = makeEvent(type, object, timestamp);
        for (const [name, value] of Object.entries(fields)) {
          Object.defineProperty(shown, name, { value, writable: true, enumerable: true, configurable: true });
        }
        return shown;
      },
    };
    this.#backlog.add(octets, this.#session);
    vu.loop.post(dispatch, undefined, [this, event], (error) => {
      this.fail();
      vu.loop.failIteration(error);
    });
  }
}

const STATE_NAMES: Readonly<Record<ReadyState, string>> = {
  0: 'still connecting',
  1: 'open',
  2: 'closing',
  3: 'closed',
};
