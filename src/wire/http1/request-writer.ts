import { isForwarded, proxyAuthorization } from '../net/proxy.ts';
import type { HttpRequest } from './exchange.ts';

/** Above this the body is not copied behind the head but leaves in a write of its own. */
const JOIN_LIMIT = 64 * 1024;

/**
 * The request line and header lines as HTTP/1.1 writes them, one character per byte: what is not ASCII becomes its UTF-8
 * bytes. Control characters, with which a value could smuggle in lines of its own, make it throw.
 * @throws Error that names the header
 */
export function writeHead(request: HttpRequest): string {
  const proxy = request.proxy != null && isForwarded(request.proxy, request.scheme) ? request.proxy : null;
  let head = requestLine(request.method, proxy === null ? request.path : absoluteForm(request));
  for (const header of request.headers) head += headerLine(header[0], header[1]);
  const authorization = proxy === null ? null : proxyAuthorization(proxy);
  if (authorization !== null) head += `Proxy-Authorization: ${authorization}\r\n`;
  return `${head}\r\n`;
}

let lastMethod = '';
let lastTarget = '';
let lastRequestLine = '';

/** Nearly always that of the request before. */
function requestLine(method: string, target: string): string {
  if (method === lastMethod && target === lastTarget) return lastRequestLine;
  checkMethod(method);
  lastRequestLine = toByteString(`${method} ${target} HTTP/1.1\r\n`);
  lastMethod = method;
  lastTarget = target;
  return lastRequestLine;
}

/** The line that each header had last: few headers of a test ever change, and what is known is neither checked nor made anew. */
const lastLines = new Map<string, { value: string; line: string }>();
const MOST_LINES = 200;
const LONGEST_KEPT = 500;
const PLAIN_LINE = /^[\t\x20-\x7e]+\r\n$/;

function headerLine(name: string, value: string): string {
  const last = lastLines.get(name);
  if (last !== undefined && last.value === value) return last.line;
  if (!checkedNames.has(name)) checkName(name);
  let line = `${name}: ${value}\r\n`;
  // Nearly every line is plain, which one look tells.
  if (!PLAIN_LINE.test(line)) {
    checkValue(name, value);
    line = toByteString(line);
  }
  if (line.length > LONGEST_KEPT) return line;
  if (last !== undefined) {
    last.value = value;
    last.line = line;
  } else if (lastLines.size < MOST_LINES) lastLines.set(name, { value, line });
  return line;
}

/** What a proxy is asked for (RFC 9112 section 3.2.2). */
function absoluteForm({ scheme, host, port, path }: HttpRequest): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${name}${port === 80 ? '' : `:${port}`}${path}`;
}

/** Names that have passed: a test sends the same few again and again. */
const checkedNames = new Set<string>();
const MOST_CHECKED_NAMES = 1000;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * Whether method and headers can be sent, whatever the version of HTTP (RFC 9110 section 5.1).
 * @throws Error that names what cannot
 */
export function checkHead(request: HttpRequest): void {
  checkMethod(request.method);
  for (const [name, value] of request.headers) {
    if (!checkedNames.has(name)) checkName(name);
    checkValue(name, value);
  }
}

function checkMethod(method: string): void {
  if (!TOKEN.test(method)) throw new Error(`net/http: invalid method "${method}"`);
}

function checkValue(name: string, value: string): void {
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw new Error(`invalid header field value for "${name}"`);
}

function checkName(name: string): void {
  if (!TOKEN.test(name)) throw new Error(`invalid header field name "${name}"`);
  if (checkedNames.size < MOST_CHECKED_NAMES) checkedNames.add(name);
}

/** A string whose characters are the UTF-8 bytes of `text`; `text` itself when it is ASCII. */
function toByteString(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Sends head and body, in one write where that is cheap. False: the connection will tell when it has drained. */
export function writeRequest(
  connection: { write(data: Uint8Array | string): boolean },
  head: string,
  body: Uint8Array | string | null,
): boolean {
  if (body === null || body.length === 0) return connection.write(head);
  if (typeof body === 'string') {
    const size = Buffer.byteLength(body);
    // ASCII all through: the joined string is written without ever making a buffer.
    if (size === body.length && size <= JOIN_LIMIT) return connection.write(head + body);
    const bytes = Buffer.allocUnsafe(head.length + size);
    bytes.write(head, 0, 'latin1');
    bytes.write(body, head.length, 'utf8');
    return connection.write(bytes);
  }
  if (body.length <= JOIN_LIMIT) {
    const bytes = Buffer.allocUnsafe(head.length + body.length);
    bytes.write(head, 0, 'latin1');
    bytes.set(body, head.length);
    return connection.write(bytes);
  }
  connection.write(head);
  return connection.write(body);
}
