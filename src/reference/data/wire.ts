import { findWebSocketClose, HTTP_STATUSES, PLAIN_HTTP_STATUSES } from '../../codes/index.ts';

/** What a server might say with each gRPC status: the text of `grpc-message`. */
const GRPC_MESSAGES: readonly string[] = [
  '',
  'the caller hung up',
  'exception in handler: null',
  'quantity must be positive',
  'deadline exceeded after 2s',
  'no order 17',
  'user ada exists',
  'orders.write is missing',
  'quota of 1000 calls a day is used up',
  'order 17 has been shipped',
  'version 7 is outdated, read again',
  'offset 5000 is past the end 4096',
  'unknown method shop.Counter/Cancel',
  'total is not the sum of the items',
  'shutting down',
  'block 99 is damaged in all replicas',
  'token has expired',
];

/** The trailers of a call that ends with a status. */
export function grpcWire(status: number): string {
  const message = GRPC_MESSAGES[status];
  const trailers = `grpc-status: ${status}${message ? `\ngrpc-message: ${message}` : ''}`;
  return status === 0
    ? `:status: 200\ncontent-type: application/grpc\n\n[message]\n\n${trailers}`
    : `:status: 200\ncontent-type: application/grpc\n${trailers}`;
}

/** Headers without which a status says only half. */
const HEADERS: Readonly<Record<number, readonly string[]>> = {
  101: ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo='],
  103: ['Link: </style.css>; rel=preload; as=style'],
  201: ['Location: /orders/17'],
  202: ['Location: /jobs/17'],
  206: ['Content-Range: bytes 0-1023/4096'],
  301: ['Location: https://shop.test/menu'],
  302: ['Location: /login'],
  303: ['Location: /orders/17'],
  304: ['ETag: "v7"'],
  307: ['Location: https://eu.shop.test/orders'],
  308: ['Location: https://shop.test/orders'],
  401: ['WWW-Authenticate: Bearer realm="shop"'],
  405: ['Allow: GET, HEAD'],
  407: ['Proxy-Authenticate: Basic realm="shop"'],
  416: ['Content-Range: bytes */4096'],
  426: ['Upgrade: websocket', 'Connection: Upgrade'],
  429: ['Retry-After: 30'],
  503: ['Retry-After: 120'],
};

/** Errors with a body of RFC 9457. */
const isProblem = (status: number) => [400, 403, 404, 409, 412, 422, 428, 429, 500, 503].includes(status);

/** The head of an answer with an HTTP status, and its body where an API would send one. */
export function httpWire(status: number): string {
  const row = [...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES].find((one) => one.status === status);
  const head = [`HTTP/1.1 ${status} ${row?.phrase ?? ''}`.trimEnd(), ...(HEADERS[status] ?? [])];
  if (!isProblem(status)) return head.join('\n');
  const problem = { type: 'about:blank', title: row?.phrase, status };
  return [...head, 'Content-Type: application/problem+json', '', JSON.stringify(problem, null, 2)].join('\n');
}

/** The bytes of a close frame from a server; null for those that are never sent. */
export function closeWire(close: number): string | null {
  if (findWebSocketClose(close)?.isLocal !== false) return null;
  const bytes = [0x88, 0x02, close >> 8, close & 0xff].map((byte) => byte.toString(16).padStart(2, '0'));
  return `${bytes.join(' ')}    FIN, opcode 8 (close), length 2, code ${close}`;
}
