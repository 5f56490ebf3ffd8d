import { GRPC_STATUSES } from '../../codes/index.ts';
import { protocolScript } from './protocol-scripts.ts';
import { GRPC, HTTP, HTTPS, PORT, SOCKET } from './target-places.ts';
import { whyNoCloseScript, whyNoHttpScript } from './unprovoked.ts';

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

/** A script that meets an HTTP status; of an interim one it sees the answer that follows. Null for what is never sent. */
export function httpScript(status: number): string | null {
  if (whyNoHttpScript(status) !== null) return null;
  if (status === 101) return SWITCHING;
  const redirects = status >= 300 && status < 400 ? ', { redirects: 0 }' : '';
  const seen = Math.max(status, 200);
  const what = status < 200 ? `the answer behind ${status} is 200` : `status is ${status}`;
  const codes =
    status >= 400 ? `\n    'error_code is ${1000 + status}': (r) => r.error_code === ${1000 + status},` : '';
  return `import { check } from 'k6';
import http from 'k6/http';

export default function () {
  const answer = http.get('${HTTP}/status/${status}'${redirects});
  check(answer, {
    '${what}': (r) => r.status === ${seen},${codes}
  });
}
`;
}

/** A WebSocket that opens has been answered with 101. */
const SWITCHING = `import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket('${SOCKET}/echo');
  socket.onopen = () => {
    check(socket, { 'protocols were switched': (s) => s.readyState === 1 });
    socket.close();
  };
}
`;

/** What a script asks for to meet a code; `secure` goes to the port with TLS and HTTP/2. */
interface Provocation {
  readonly misbehave?: string;
  readonly secure?: boolean;
  readonly url?: string;
  readonly params?: string;
  readonly options?: string;
}

const UNVERIFIED = 'insecureSkipTLSVerify: true';

/** One of the ports that fail by themselves, as `sixfold demo --serve` lists them. */
const broken = (port: number, path = '/'): string => `https://127.0.0.1:${PORT.broken + port}${path}`;
const breach = (error: number): Provocation => ({ url: broken(7, `/${error}`), options: UNVERIFIED });
const throughProxy = (proxy: string): Provocation => ({ url: 'https://shop.test/', options: `httpProxy: '${proxy}'` });

const PROVOCATIONS: Readonly<Record<number, Provocation>> = {
  1020: { url: 'http://[' },
  1040: { misbehave: 'close' },
  1041: { misbehave: 'malformed' },
  1042: { misbehave: 'headers' },
  1050: { misbehave: 'hang', params: "{ timeout: '200ms' }" },
  1110: { url: `${HTTP}/menu`, options: "blacklistIPs: ['127.0.0.0/8']" },
  1111: { url: 'http://blocked.test/', options: "blockHostnames: ['blocked.test']" },
  1210: { url: 'http://127.0.0.1:70000/' },
  1212: { url: 'http://127.0.0.1:1/' },
  1220: { misbehave: 'reset' },
  1230: throughProxy(HTTP.replace('//', '//user:secret@')),
  1231: throughProxy(HTTP),
  1232: throughProxy(`http://${GRPC}`),
  1300: { url: broken(8) },
  1301: { url: HTTP.replace('http:', 'https:') },
  1310: { url: `${HTTPS}/menu`, options: 'insecureSkipTLSVerify: false' },
  1311: { url: broken(0) },
  1312: { url: broken(1) },
  1313: { url: broken(2) },
  1320: { url: broken(3) },
  1321: { url: broken(4) },
  1322: { url: broken(5), options: UNVERIFIED },
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

/** A script that meets a code of the catalogue; null where none brings it about for certain (unprovoked.ts says why). */
export function codeScript(code: number): string | null {
  const socketUrl = SOCKETS[code];
  if (socketUrl !== undefined) return socketScript(code, socketUrl);
  const provocation = provocationOf(code);
  if (provocation === undefined) return protocolScript(code);
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

/** A script that meets an error of HTTP/2, as the end of a stream. */
export const http2Script = (error: number): string => codeScript(1631 + error)!;

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

/** A script that meets a close code; null where none does. */
export function closeScript(close: number): string | null {
  if (whyNoCloseScript(close) !== null) return null;
  return `import { check } from 'k6';
import { WebSocket } from 'k6/websockets';

export default function () {
  const socket = new WebSocket('${SOCKET}/close/${close}');
  socket.onclose = ({ code }) => check(code, { 'closed with ${close}': (c) => c === ${close} });
}
`;
}

const CHECKED = `export default function () {
  check(1 + 1, { 'one and one are three': (sum) => sum === 3 });
}
`;

/** Scripts by the exit code that a run of them ends with. */
const EXIT_SCRIPTS: Readonly<Record<number, string>> = {
  0: `export default function () {
  console.log('all is well');
}
`,
  99: `import { check } from 'k6';

export const options = { thresholds: { checks: ['rate==1'] } };

${CHECKED}`,
  100: `import { sleep } from 'k6';

export const options = { setupTimeout: '200ms' };

export function setup() {
  sleep(5);
}

export default function () {}
`,
  101: `import { sleep } from 'k6';

export const options = { teardownTimeout: '200ms' };

export function teardown() {
  sleep(5);
}

export default function () {}
`,
  104: `export const options = { vus: 1, duration: 'soon' };

export default function () {}
`,
  107: `export function setup() {
  throw new Error('there is nothing to test');
}

export default function () {}
`,
  108: `import exec from 'k6/execution';

export default function () {
  exec.test.abort('seen enough');
}
`,
  110: `import exec from 'k6/execution';

export default function () {
  exec.test.fail('this must not be');
}
`,
};

/** A script whose run ends with an exit code; null for those that come from how the program is called. */
export function exitScript(exit: number): string | null {
  return EXIT_SCRIPTS[exit] ?? null;
}
