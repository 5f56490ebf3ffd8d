import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { ConnectionTable } from './connection-table.ts';
import { parseMisbehaviour } from './misbehaviour.ts';
import { type OrderWish, readOrder } from './order-request.ts';
import { Refusal, type Shop } from './shop.ts';

/** How long an order stays in each of its states, in ms. */
const STATE_MS = 20;
const LARGEST_MESSAGE = 1024 * 1024;
/** A text frame with a reserved bit, without an extension that would give it a meaning (RFC 6455, section 5.2). */
const MALFORMED = Buffer.from([0xa1, 0x02, 0x68, 0x69]);

/** The shop over WebSockets: what `GET /` lists beside the routes of HTTP. */
export const WEBSOCKET_ROUTES = {
  'WS /counter':
    '{ "item": "margherita", "quantity": 2, "name": "Ada" } gives "placed", "baking" and "ready", or "refused"',
  'WS /echo': 'messages, as they came',
  'WS /close/:n': 'the session, closed by the server with that code; 1006 breaks it off',
} as const;

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Makes what answers a server's `upgrade` events; it misbehaves on request, as HTTP does, with `status`, `delay`, `reset`, `close`, `hang`
 * and `malformed`, which sends a frame that breaks the protocol. */
export function createWebSocketFront(shop: Shop, connections: ConnectionTable): Upgrade {
  const server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  return (request, socket, head) => {
    socket.on('error', () => {});
    const url = URL.parse(request.url ?? '/', 'http://shop') ?? new URL('http://shop/');
    const asked = request.headers['x-misbehave'];
    const wanted = parseMisbehaviour(typeof asked === 'string' ? asked : url.searchParams.get('misbehave'));
    if (typeof wanted === 'string') return refuse(socket, 400);
    const serve = SERVICES[url.pathname] ?? closing(url.pathname);
    setTimeout(() => {
      if (socket.destroyed) return;
      if (wanted.manner === 'reset') connections.reset(request.socket);
      else if (wanted.manner === 'close') connections.close(request.socket);
      else if (wanted.manner === 'hang') return;
      else if (wanted.status !== null) refuse(socket, wanted.status);
      else if (serve === undefined) refuse(socket, 404);
      else
        server.handleUpgrade(request, socket, head, (client) => {
          // Whoever breaks the protocol has the session closed, whatever it is about.
          client.on('error', () => {});
          serve(client, shop);
          if (wanted.manner === 'malformed') socket.write(MALFORMED);
        });
    }, wanted.delay);
  };
}

type Service = (client: WebSocket, shop: Shop) => void;

const SERVICES: Readonly<Record<string, Service>> = {
  '/counter': (client, shop) => {
    const timers = new Set<NodeJS.Timeout>();
    client.on('close', () => {
      for (const timer of timers) clearTimeout(timer);
    });
    client.on('message', (data, isBinary) => {
      const say = (message: object): void => client.send(JSON.stringify(message));
      try {
        const order = shop.order(readMessage(data, isBinary));
        say({ state: 'placed', order });
        for (const [index, state] of ['baking', 'ready'].entries()) {
          const timer = setTimeout(
            () => {
              timers.delete(timer);
              say({ state, id: order.id });
            },
            STATE_MS * (index + 1),
          );
          timers.add(timer);
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        say({ state: 'refused', reason: error.reason, error: error.message });
      }
    });
  },
  '/echo': (client) => {
    client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
  },
};

/** Codes that a close frame may have (RFC 6455, section 7.4). */
const mayBeSent = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code < 5000);

/** `/close/1008` closes as soon as it is open. */
function closing(path: string): Service | undefined {
  const code = Number(/^\/close\/(\d{4})$/.exec(path)?.[1] ?? 0);
  if (code === 1006) return (client) => client.terminate();
  if (code === 1005) return (client) => client.close();
  return mayBeSent(code) ? (client) => client.close(code, 'as you asked') : undefined;
}

/** @throws Refusal for what is no order */
function readMessage(data: RawData, isBinary: boolean): OrderWish {
  if (isBinary) throw new Refusal('invalid', 'an order is text');
  let wanted: unknown;
  try {
    wanted = JSON.parse(String(data));
  } catch (error) {
    throw new Refusal('invalid', `the message is no JSON: ${(error as Error).message}`);
  }
  return readOrder(wanted);
}

function refuse(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
  );
}
