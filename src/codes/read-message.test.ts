import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Subject } from './look-up.ts';
import { readMessage } from './read-message.ts';

function brief(subject: Subject): string {
  switch (subject.kind) {
    case 'code':
      return String(subject.entry.code);
    case 'errno':
      return subject.errno;
    case 'grpc':
      return subject.status.name;
    case 'http':
      return `HTTP ${subject.status}`;
    case 'http2':
      return subject.error.name;
    case 'close':
      return `close ${subject.close.close}`;
    case 'exit':
      return `exit ${subject.exit.exit}`;
  }
}

/** Messages as programs print them, and what each is about. */
const MESSAGES: readonly (readonly [message: string, about: readonly string[]])[] = [
  // Go
  ['read: connection reset by peer', ['1220']],
  ['read tcp 10.0.0.5:42114->10.0.0.9:443: read: connection reset by peer', ['1220']],
  ['Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused', ['1212']],
  ['dial tcp: lookup shop.invalid on 127.0.0.53:53: no such host', ['1101']],
  ['dial tcp: lookup shop on 10.96.0.10:53: read udp 10.0.0.1:1->10.96.0.10:53: i/o timeout', ['1102']],
  ['dial tcp 10.255.255.1:80: i/o timeout', ['1211']],
  ['dial tcp 10.0.0.1:80: connect: cannot assign requested address', ['1216']],
  ['dial tcp 10.0.0.1:80: socket: too many open files', ['1217']],
  ['Post "https://x": net/http: TLS handshake timeout', ['1323']],
  ['http: server gave HTTP response to HTTPS client', ['1301']],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', ['1310']],
  ['x509: certificate is valid for a.test, not b.test', ['1311']],
  [
    'x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-01-01T00:00:00Z',
    ['1312'],
  ],
  [
    'x509: certificate has expired or is not yet valid: current time 2024-01-01T00:00:00Z is before 2025-01-01T00:00:00Z',
    ['1313'],
  ],
  ['write: broken pipe', ['1201']],
  ['Get "http://x": EOF', ['1040']],
  ['request canceled (Client.Timeout exceeded while awaiting headers)', ['1050']],
  ['stream error: stream ID 3; REFUSED_STREAM; received from peer', ['1638']],
  [
    'http2: server sent GOAWAY and closed the connection; LastStreamID=1, ErrCode=ENHANCE_YOUR_CALM, debug="too_many_pings"',
    ['1622'],
  ],
  ['rpc error: code = FailedPrecondition desc = the order has been shipped', ['FAILED_PRECONDITION']],
  [
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp [::1]:50051: connect: connection refused"',
    ['1212', 'UNAVAILABLE'],
  ],
  ['websocket: close 1006 (abnormal closure): unexpected EOF', ['1903', 'close 1006']],
  // Node
  ['Error: connect ECONNREFUSED 127.0.0.1:8080', ['1212']],
  ['Error: socket hang up', ['1040']],
  ['14 UNAVAILABLE: No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1', ['1212', 'UNAVAILABLE']],
  ['[resource_exhausted] try again tomorrow', ['RESOURCE_EXHAUSTED']],
  ['AxiosError: Request failed with status code 404', ['HTTP 404']],
  ['Unexpected server response: 403', ['1901']],
  // Python
  [
    "HTTPConnectionPool(host='x', port=80): Max retries exceeded (Caused by NewConnectionError: [Errno 111] Connection refused)",
    ['1212'],
  ],
  ['socket.gaierror: [Errno -3] Temporary failure in name resolution', ['1103']],
  ['status = StatusCode.DEADLINE_EXCEEDED', ['DEADLINE_EXCEEDED']],
  // Java, .NET
  ['java.net.ConnectException: Connection refused: no further information', ['1212']],
  ['javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path', ['1310']],
  ['io.grpc.StatusRuntimeException: UNAUTHENTICATED: token expired', ['UNAUTHENTICATED']],
  ['No connection could be made because the target machine actively refused it.', ['1212']],
  ['Status(StatusCode="NotFound", Detail="no such order")', ['NOT_FOUND']],
  // curl, browsers, nginx
  ['curl: (6) Could not resolve host: shop.invalid', ['1101']],
  ['curl: (22) The requested URL returned error: 502', ['HTTP 502']],
  ['curl: (52) Empty reply from server', ['1040']],
  ['net::ERR_CONNECTION_RESET', ['1220']],
  ['HTTP/1.1 429 Too Many Requests', ['HTTP 429']],
  ['upstream answered 503 Service Unavailable', ['HTTP 503']],
  ['connect() failed (111: Connection refused) while connecting to upstream', ['1212']],
  // Others
  ['WRONGTYPE Operation against a key holding the wrong kind of value', ['2002']],
  ['user@host: Permission denied (publickey,password).', ['2401']],
];

for (const [message, about] of MESSAGES)
  test(`reads ${JSON.stringify(message)}`, () => {
    assert.deepEqual(readMessage(message).map(brief), about);
  });

/** Messages of Go, Node, undici, grpc-js, Java, Python, curl, Rust and OpenSSL, and what a reader is to learn from each. */
const VECTORS = JSON.parse(
  readFileSync(new URL('../../test/vectors/error-messages.json', import.meta.url), 'utf8'),
) as readonly { readonly message: string; readonly about: readonly string[] }[];

test('reads what programs of ten kinds print', () => {
  assert.ok(VECTORS.length > 150);
  for (const { message, about } of VECTORS) assert.deepEqual(readMessage(message).map(brief), about, message);
});

test('finds nothing in words that are about no failure', () => {
  for (const text of [
    '',
    'hello',
    'all is well on port 8080',
    'the year 1999',
    'close the door',
    'page 404 of the book',
  ])
    assert.deepEqual(readMessage(text).map(brief), [], text);
});
