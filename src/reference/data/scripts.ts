import { GRPC_STATUSES } from '../../codes/index.ts';

/** Where `sixfold demo --serve --port 8800` listens. */
const HTTP = 'http://127.0.0.1:8800';
const HTTPS = 'https://127.0.0.1:8801';
const GRPC = '127.0.0.1:8802';
const SOCKET = 'ws://127.0.0.1:8800';

/** A script that meets a gRPC status at the built-in target, and checks for it. */
export function grpcScript(status: number): string {
  const { constant } = GRPC_STATUSES[status]!;
  const asked = status === 0 ? '' : `, { metadata: { 'x-misbehave': 'status=${status}' } }`;
  return `import { check } from 'k6';
import grpc from 'k6/net/grpc';

const client = new grpc.Client();

export default function () {
  client.connect('${GRPC}', { plaintext: true, reflect: true });
  const answer = client.invoke('shop.Counter/Menu', {}${asked});
  check(answer, { 'status is ${status}': (r) => r.status === grpc.${constant} });
  client.close();
}
`;
}

/** A script that meets an HTTP status; null for interim answers, which a script does not see. */
export function httpScript(status: number): string | null {
  if (status < 200) return null;
  const redirects = status >= 300 && status < 400 ? ', { redirects: 0 }' : '';
  const codes =
    status >= 400 ? `\n    'error_code is ${1000 + status}': (r) => r.error_code === ${1000 + status},` : '';
  return `import { check } from 'k6';
import http from 'k6/http';

export default function () {
  const answer = http.get('${HTTP}/status/${status}'${redirects});
  check(answer, {
    'status is ${status}': (r) => r.status === ${status},${codes}
  });
}
`;
}

/** What a script asks for to meet a code; `secure` goes to the port with TLS and HTTP/2. */
interface Provocation {
  readonly misbehave?: string;
  readonly secure?: boolean;
  readonly url?: string;
  readonly params?: string;
  readonly options?: string;
}

const UNVERIFIED = 'insecureSkipTLSVerify: true';

/** One of the ports that fail by themselves, as `sixfold demo --serve` lists them: the first is 8804. */
const broken = (port: number, path = '/'): string => `https://127.0.0.1:${8804 + port}${path}`;
const breach = (error: number): Provocation => ({ url: broken(7, `/${error}`), options: UNVERIFIED });

const PROVOCATIONS: Readonly<Record<number, Provocation>> = {
  1020: { url: 'http://[' },
  1040: { misbehave: 'close' },
  1041: { misbehave: 'malformed' },
  1042: { misbehave: 'headers' },
  1050: { misbehave: 'hang', params: "{ timeout: '200ms' }" },
  1101: { url: 'http://no-such-host.invalid/' },
  1110: { url: `${HTTP}/menu`, options: "blacklistIPs: ['127.0.0.0/8']" },
  1111: { url: 'http://blocked.test/', options: "blockHostnames: ['blocked.test']" },
  1212: { url: 'http://127.0.0.1:1/' },
  1220: { misbehave: 'reset' },
  1301: { url: HTTP.replace('http:', 'https:') },
  1310: { url: `${HTTPS}/menu`, options: 'insecureSkipTLSVerify: false' },
  1311: { url: broken(0) },
  1312: { url: broken(1) },
  1313: { url: broken(2) },
  1320: { url: broken(3) },
  1321: { url: broken(4) },
  1322: { url: broken(5), options: UNVERIFIED },
  1323: { url: broken(6) },
  1610: { misbehave: 'goaway=99', secure: true },
  1630: { misbehave: 'rst=99', secure: true },
  1652: breach(1),
  1654: breach(3),
  1657: breach(6),
  1660: breach(9),
  1662: breach(11),
  1701: { misbehave: 'encoding' },
  1702: { url: `${HTTP}/bytes/2000000`, options: 'maxResponseBytes: 1_500_000' },
};

function provocationOf(code: number): Provocation | undefined {
  if (code > 1610 && code <= 1624) return { misbehave: `goaway=${code - 1611}`, secure: true };
  if (code > 1630 && code <= 1644) return { misbehave: `rst=${code - 1631}`, secure: true };
  return PROVOCATIONS[code];
}

/** A script that meets a code of the catalogue; null where the target cannot bring it about. */
export function codeScript(code: number): string | null {
  const socketUrl = SOCKETS[code];
  if (socketUrl !== undefined) return socketScript(code, socketUrl);
  const provocation = provocationOf(code);
  if (provocation === undefined || UNREPEATABLE.includes(code)) return null;
  const { misbehave, secure = false, params, options = secure ? UNVERIFIED : '' } = provocation;
  const url = provocation.url ?? `${secure ? HTTPS : HTTP}/menu?misbehave=${misbehave}`;
  const head = options === '' ? '' : `export const options = { ${options} };\n\n`;
  return `import { check } from 'k6';
import http from 'k6/http';

${head}export default function () {
  const answer = http.get('${url}'${params === undefined ? '' : `, ${params}`});
  check(answer, { 'error_code is ${code}': (r) => r.error_code === ${code} });
}
`;
}

/** After REFUSED_STREAM and a GOAWAY without error a client tries again by itself; RST_STREAM(NO_ERROR) is the end of an answer. */
const UNREPEATABLE: readonly number[] = [1611, 1631, 1638];

/** Where a WebSocket fails with a code. */
const SOCKETS: Readonly<Record<number, string>> = {
  1900: `${SOCKET}/close/1011`,
  1901: `${SOCKET}/counter?misbehave=status=403`,
  1902: `${SOCKET}/echo?misbehave=malformed`,
  1903: `${SOCKET}/close/1006`,
};

/** WebSockets have their codes in a tag of `ws_failures`. */
function socketScript(code: number, url: string): string {
  return `import { WebSocket } from 'k6/websockets';

export const options = { thresholds: { 'ws_failures{error_code:${code}}': ['count>0'] } };

export default function () {
  const socket = new WebSocket('${url}');
  socket.onclose = (event) => console.log(event.code, event.reason);
}
`;
}
