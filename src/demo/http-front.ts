import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { breakTransport, LARGE_HEADER } from './break-transport.ts';
import { misbehaviourForCode, wayToCode } from './code-routes.ts';
import type { ConnectionTable } from './connection-table.ts';
import { type Misbehaviour, parseMisbehaviour } from './misbehaviour.ts';
import { readObject, readOrder, readText } from './order-request.ts';
import { brokenPortOf } from './port-list.ts';
import { Refusal, type Shop } from './shop.ts';
import { SHOP_PAGE } from './shop-page.ts';
import { WEBSOCKET_ROUTES } from './websocket-front.ts';

/** A request of node:http, or of node:http2's compatibility layer, which has its stream as well. */
export type Request = IncomingMessage & { readonly stream?: ServerHttp2Stream };
export type Response = ServerResponse;

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Call {
  readonly method: string;
  readonly path: readonly string[];
  readonly url: URL;
  readonly request: Request;
  readonly body: Buffer;
}

const REFUSAL_STATUS = { invalid: 422, not_found: 404, sold_out: 409 } as const;
const LARGEST_BODY = 16 * 1024 * 1024;
const LARGEST_SIZE = 64 * 1024 * 1024;
const TOKEN = 'demo-token';
/** Statuses that come before an answer (RFC 9110, section 15.2; RFC 8297); 101 takes a protocol to switch to. */
const INTERIM: readonly number[] = [100, 102, 103];

/** The shop over HTTP: what `sixfold demo --serve` lists at `/`. */
const HTTP_ROUTES = {
  'GET /': 'this list',
  'GET /health': '{ "ok": true }',
  'GET /page': 'the shop as a page, for browsers',
  'GET /menu': 'all that the shop sells (?kind=pizza or coffee)',
  'GET /menu/:id': 'one thing on the menu',
  'POST /orders': '{ "item": "margherita", "quantity": 2, "name": "Ada" } gives 201 and a Location',
  'GET /orders/:id': 'an order',
  'POST /ratings': '{ "ingredients": ["Cheese"], "dough": "Thick" } gives { "stars": 3 }',
  'POST /login': '{ "user": "demo", "password": "demo" } gives a token and a session cookie',
  'GET /me': 'who you are: 401 without Authorization: Bearer TOKEN or the cookie',
  'ANY /echo': 'the request, as it came',
  'GET /bytes/:n': 'n bytes',
  'ANY /status/:n': 'an empty answer with that status; 100, 102 and 103 come before one with 200',
  'ANY /code/:n': 'whatever makes a client fail with that code: /code/1220 resets the connection',
} as const;

/** Addresses of the target's other ports, which are known only when all are open. */
export interface Elsewhere {
  https: string;
  broken: readonly string[];
  names: string;
  protocols: string;
}

/** What requests are answered with. */
export interface HttpFront {
  readonly shop: Shop;
  readonly connections: ConnectionTable;
  readonly elsewhere: Elsewhere;
}

/** Answers one request, or misbehaves as it asks to (misbehaviour.ts). */
export async function serveHttp(
  { shop, connections, elsewhere }: HttpFront,
  request: Request,
  response: Response,
): Promise<void> {
  response.on('error', () => {});
  request.on('error', () => {});
  const url = URL.parse(request.url ?? '/', 'http://shop') ?? new URL('http://shop/');
  const asked = request.headers['x-misbehave'];
  const path = url.pathname.split('/').filter(Boolean);
  const misbehaviour =
    path[0] === 'code' && path.length === 2
      ? (misbehaviourForCode(Number(path[1])) ?? wayToCode(path[1] ?? '', elsewhere))
      : parseMisbehaviour(typeof asked === 'string' ? asked : url.searchParams.get('misbehave'));
  const other = path[0] === 'code' ? placeOfCode(Number(path[1]), request, elsewhere) : null;
  if (other !== null) return send(response, { status: 307, body: null, headers: { location: other } });
  if (typeof misbehaviour === 'string') return send(response, { status: 400, body: { error: misbehaviour } });
  const body = await readBody(request);
  if (body === null) return send(response, { status: 413, body: { error: `no more than ${LARGEST_BODY} bytes` } });
  if (misbehaviour.delay > 0 && !(await delay(misbehaviour.delay, response))) return;
  if (misbehave(misbehaviour, connections, request, response)) return;
  if (misbehaviour.status !== null) return send(response, statusAnswer(String(misbehaviour.status), request));
  if (path[0] === 'status') await sendInterim(Number(path[1]), request, response);
  send(response, route(shop, { method: request.method ?? 'GET', path, url, request, body }));
}

/** Where a code is brought about that this port cannot: at one that fails by itself, or where HTTP/2 is spoken. */
function placeOfCode(code: number, { stream }: Request, { https, broken }: Elsewhere): string | null {
  const place = brokenPortOf(code);
  if (place !== null) return `${broken[place.port]}${place.path}`;
  const wanted = misbehaviourForCode(code);
  const needsHttp2 = wanted !== null && (wanted.rst !== null || wanted.goaway !== null);
  return needsHttp2 && stream === undefined ? `${https}/code/${code}` : null;
}

/** Interim answers go before the answer itself. */
async function sendInterim(status: number, { stream }: Request, response: Response): Promise<void> {
  if (!INTERIM.includes(status)) return;
  const hints: Record<string, string> = status === 103 ? { link: '</style.css>; rel=preload; as=style' } : {};
  if (stream !== undefined) {
    if (!stream.destroyed) stream.additionalHeaders({ ':status': status, ...hints });
    return;
  }
  await new Promise<void>((resolve) => {
    if (status === 100) response.writeContinue(resolve);
    else if (status === 103) response.writeEarlyHints(hints, resolve);
    else response.writeProcessing(resolve);
  });
}

/** @returns null for more than is taken: the rest of it is let go by, so that the client comes to read the answer */
async function readBody(request: Request): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > LARGEST_BODY) {
        request.resume();
        return null;
      }
      chunks.push(chunk as Buffer);
    }
  } catch {
    // The client has gone: there is nobody left to answer.
  }
  return Buffer.concat(chunks);
}

/** @returns false where the client left before the time was over */
function delay(ms: number, response: Response): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

/** @returns whether that was all there is to do */
function misbehave(wanted: Misbehaviour, connections: ConnectionTable, request: Request, response: Response): boolean {
  const { socket, stream } = request;
  switch (breakTransport(wanted, connections, socket, stream)) {
    case null:
      return false;
    case 'done':
      return true;
    case 'headers':
      response.writeHead(200, { 'x-large': 'x'.repeat(LARGE_HEADER) });
      response.end();
      return true;
    case 'half':
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
      response.write('only half of', () => connections.close(socket));
      return true;
    case 'encoding':
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      response.end('this was never compressed');
      return true;
    case 'malformed':
      if (stream) stream.close(1);
      else socket.end('This is no HTTP/1.1 200 OK\r\n\r\n');
      return true;
  }
}

function send(response: Response, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.isBuffer(answer.body)
    ? answer.body
    : answer.body === null
      ? Buffer.alloc(0)
      : Buffer.from(`${JSON.stringify(answer.body)}\n`);
  const type = Buffer.isBuffer(answer.body) ? 'application/octet-stream' : 'application/json';
  const bare = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, {
    ...(bare ? {} : { 'content-type': type, 'content-length': String(body.length) }),
    ...answer.headers,
  });
  response.end(bare ? undefined : body);
}

/** What a status is sent with: without it, it says only half (RFC 9110, section 15). */
const STATUS_HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: 'GET, HEAD' },
  407: { 'proxy-authenticate': 'Basic' },
  416: { 'content-range': 'bytes */4096' },
  426: { upgrade: 'websocket' },
  429: { 'retry-after': '1' },
  503: { 'retry-after': '1' },
};

function statusAnswer(text: string, request: Request): Answer {
  const status = Number(text);
  if (status === 101)
    return { ...statusAnswer('426', request), body: { error: 'a WebSocket: WS /echo switches protocols' } };
  if (INTERIM.includes(status)) return { status: 200, body: { interim: status } };
  // Of HTTP/2 Node sends those alone that RFC 9110 (section 15) has a class for.
  const isHttp2 = request.stream !== undefined;
  const most = isHttp2 ? 599 : 999;
  if (!Number.isInteger(status) || status < 200 || status > most)
    return { status: 400, body: { error: `${text} is no status of a whole answer` } };
  if (status >= 300 && status < 400) return { status, body: null, headers: { location: '/' } };
  // Nothing can be switched to from HTTP/2 (RFC 9113, section 8.2.2).
  const headers = isHttp2 && status === 426 ? undefined : STATUS_HEADERS[status];
  return {
    status,
    body: status >= 400 ? { error: `status ${status}, as you asked` } : null,
    ...(headers === undefined ? {} : { headers }),
  };
}

function route(shop: Shop, call: Call): Answer {
  try {
    return (
      answerOf(shop, call) ?? {
        status: 404,
        body: { error: `nothing at ${call.url.pathname}; GET / lists what there is` },
      }
    );
  } catch (error) {
    if (error instanceof Refusal) return { status: REFUSAL_STATUS[error.reason], body: { error: error.message } };
    if (error instanceof SyntaxError) return { status: 400, body: { error: `the body is no JSON: ${error.message}` } };
    throw error;
  }
}

function answerOf(shop: Shop, call: Call): Answer | null {
  const { method, path, url } = call;
  const [first = '', second] = path;
  const ok = (body: unknown): Answer => ({ status: 200, body });
  if (first === 'echo') return ok(echo(call));
  if (first === 'status' && second !== undefined) return statusAnswer(second, call.request);
  if (method === 'GET' || method === 'HEAD') {
    if (first === '') return ok({ shop: 'Sixfold demo', routes: { ...HTTP_ROUTES, ...WEBSOCKET_ROUTES } });
    if (first === 'health') return ok({ ok: true });
    if (first === 'page')
      return { status: 200, body: Buffer.from(SHOP_PAGE), headers: { 'content-type': 'text/html; charset=utf-8' } };
    if (first === 'menu')
      return ok(second === undefined ? shop.menu(kindOf(url.searchParams.get('kind'))) : shop.item(second));
    if (first === 'orders' && second !== undefined) return ok(shop.find(Number(second)));
    if (first === 'me') return whoAmI(call.request);
    if (first === 'bytes')
      return ok(Buffer.alloc(Math.max(0, Math.min(Number(second) || 0, LARGEST_SIZE)), 'sixfold '));
    return null;
  }
  if (method !== 'POST') return null;
  if (first === 'orders') return placeOrder(shop, json(call.body));
  if (first === 'ratings') return ok(rating(shop, json(call.body)));
  return first === 'login' ? login(json(call.body)) : null;
}

function json(body: Buffer): Readonly<Record<string, unknown>> {
  return readObject(JSON.parse(body.toString()), 'the body');
}

function kindOf(text: string | null): 'pizza' | 'coffee' | undefined {
  if (text === null) return undefined;
  if (text === 'pizza' || text === 'coffee') return text;
  throw new Refusal('invalid', 'kind must be pizza or coffee');
}

function placeOrder(shop: Shop, wanted: Readonly<Record<string, unknown>>): Answer {
  const order = shop.order(readOrder(wanted));
  return { status: 201, body: order, headers: { location: `/orders/${order.id}` } };
}

function rating(shop: Shop, wanted: Readonly<Record<string, unknown>>): { stars: number } {
  const { ingredients } = wanted;
  if (!Array.isArray(ingredients)) throw new Refusal('invalid', 'ingredients must be a list');
  const names = ingredients.map((one) => readText(one, 'an ingredient'));
  return { stars: shop.rate(names, readText(wanted['dough'] ?? '', 'dough')) };
}

function login(wanted: Readonly<Record<string, unknown>>): Answer {
  if (wanted['user'] !== 'demo' || wanted['password'] !== 'demo')
    return { status: 401, body: { error: 'wrong user or password' } };
  return { status: 200, body: { token: TOKEN }, headers: { 'set-cookie': `session=${TOKEN}; Path=/; HttpOnly` } };
}

function whoAmI(request: Request): Answer {
  const { authorization, cookie } = request.headers;
  if (authorization === `Bearer ${TOKEN}` || cookie?.split(/; */).includes(`session=${TOKEN}`))
    return { status: 200, body: { user: 'demo' } };
  return { status: 401, body: { error: 'log in first: POST /login' }, headers: { 'www-authenticate': 'Bearer' } };
}

function echo({ method, url, request, body }: Call): object {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith(':')));
  return {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    proto: `HTTP/${request.httpVersion}`,
    body: body.toString(),
  };
}
