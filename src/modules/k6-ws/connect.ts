// `connect(url, params, fn)`: the handshake, the script's function, then events until the socket has closed.
import { adviseOnTransport } from '../../codes/advise-on-transport.ts';
import type { HostSteps, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { box, Suspension, unbox } from '../../script/runtime/suspension.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { canonicalName } from '../../wire/http/header-names.ts';
import type { HttpResponse } from '../../wire/http1/exchange.ts';
import type { WireError } from '../../wire/net/wire-error.ts';
import { Session } from '../k6-websockets/session.ts';
import { readParams, readTarget } from '../k6-websockets/socket-request.ts';
import { SocketSamples } from '../k6-websockets/socket-samples.ts';
import { createSocketClass, LegacySocket } from './socket-class.ts';

/** What the handshake came to. */
interface Opened {
  readonly response: HttpResponse | null;
  readonly error: WireError | null;
}

export function createConnect(environment: VuEnvironment): RealmFunction {
  const { realm, logger } = environment;
  const sockets = createSocketClass(environment);
  return realm.steppedFunction('connect', 2, function* (_self, { 0: url, 1: second, 2: third }): HostSteps {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('using websockets');
    const [params, fn] = typeof second === 'function' ? [undefined, second] : [second, third];
    if (typeof fn !== 'function')
      throw new TypeError('connect() takes a function that sets up its socket as its last argument');
    const target = readTarget(url);
    const read = readParams(environment, params, 'ignore unknown');
    const samples = new SocketSamples(environment, vu.tags, read.tags, target.url, false);
    const socket = new LegacySocket();
    let advice = '';
    let settle!: (opened: Opened) => void;
    const opening = new Promise<Opened>((resolve) => {
      settle = resolve;
    });
    const session = new Session(vu, target, read, [], samples, {
      onOpen: (response) => {
        // The first of all events, whatever comes while the script's function blocks.
        socket.post('open', []);
        settle({ response, error: null });
      },
      onRefused: (error, response) => {
        // The realm gets an error of its own, without the code.
        advice = adviseOnTransport(error, target.secure, 'websocket');
        settle({ response, error });
      },
      onMessage: (data) => socket.post(typeof data === 'string' ? 'message' : 'binaryMessage', [data]),
      onPing: () => socket.post('ping', []),
      onPong: () => socket.post('pong', []),
      onEnd: (end, failure) => socket.postEnd(end, failure),
      onAbandoned: () => socket.stop(),
    });
    try {
      const { response, error } = (yield new Suspension(opening.then(box))) as Opened;
      if (error !== null && response === null) {
        const message = error.message + advice;
        if (environment.options.throw) throw realm.error('Error', message);
        logger.log('warning', 'Attempt to establish a WebSocket connection failed', {
          error: `${JSON.stringify(target.url)}: ${message}`,
        });
      }
      if (error !== null) return showResponse(realm, target.url, response, response === null ? error.message : '');
      socket.open(session);
      yield { fn, args: [sockets.show(socket)] };
      for (;;) {
        const event =
          socket.next() ?? (unbox(yield new Suspension(socket.wait().then(box))) as ReturnType<LegacySocket['next']>);
        if (event === null) break;
        for (const call of sockets.callsOf(socket, event)) yield call;
        if (event.type === 'close') break;
      }
      return showResponse(realm, target.url, response, '');
    } finally {
      // A handler that throws leaves nothing behind.
      socket.stop();
      session.abandon();
    }
  });
}

/** What connect() returns. */
function showResponse(realm: Realm, url: string, response: HttpResponse | null, error: string): unknown {
  const headers: Record<string, string> = {};
  for (const [name, value] of response?.headers ?? []) {
    const key = canonicalName(name);
    Object.defineProperty(headers, key, {
      value: Object.hasOwn(headers, key) ? `${headers[key]}, ${value}` : value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return realm.fromHost({
    url,
    status: response?.status ?? 0,
    headers,
    body: response?.body?.toString('utf8') ?? '',
    error,
  });
}
