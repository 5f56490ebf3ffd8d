// Mistakes that people make with load tests, each as they would make it.

export interface Mistake {
  readonly title: string;
  /** `script.js`; without it there is none. */
  readonly script?: string;
  /** The command line behind `sixfold`; `run script.js` unless given. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const EMPTY = 'export default function () {}';

const options = (text: string): string => `export const options = ${text};\n${EMPTY}`;
const body = (text: string, imports = "import http from 'k6/http';"): string =>
  `${imports}\nexport default function () {\n  ${text}\n}`;
const global = (text: string): string => `export default function () {\n  ${text}\n}`;

export const MISTAKES: readonly Mistake[] = [
  { title: 'The script is not there', words: ['run', 'scirpt.js'], script: EMPTY },
  { title: 'A command with a typing error', words: ['rnu', 'script.js'], script: EMPTY },
  { title: 'A flag with a typing error', words: ['run', '--vu', '3', 'script.js'], script: EMPTY },
  { title: 'A duration without a unit', words: ['run', '-d', '30', 'script.js'], script: EMPTY },
  { title: 'A stage without a duration', words: ['run', '-s', ':5', 'script.js'], script: EMPTY },
  { title: 'An output that there is not', words: ['run', '--out', 'jsn=x.json', 'script.js'], script: EMPTY },
  {
    title: 'An output into a folder that is not there',
    words: ['run', '--out', 'json=no/x.json', 'script.js'],
    script: EMPTY,
  },
  { title: 'A config file that is not there', words: ['run', '-c', 'no.json', 'script.js'], script: EMPTY },
  {
    title: 'A file of secrets that is not there',
    words: ['run', '--secret-source', 'file=secret.txt', 'script.js'],
    script: EMPTY,
  },
  {
    title: 'A secret with a typing error',
    words: ['run', '--secret-source', 'mock=password=x', 'script.js'],
    script: `import secrets from 'k6/secrets';\nconst password = await secrets.get('pasword');\n${EMPTY}`,
  },
  { title: 'A duration without a unit in a variable', env: { K6_STAGES: '1000:100' }, script: EMPTY },
  { title: 'A variable with a typing error', env: { K6_DURATOIN: '5s' }, script: EMPTY },
  { title: 'A proxy of an unknown kind', env: { HTTPS_PROXY: 'ftp://user:secret@proxy:3128' }, script: EMPTY },
  { title: 'A syntax error', script: "import http from 'k6/http';\nexport default function () {\n  http.get('x';\n}" },
  { title: 'No exported function', script: 'function main() {}' },
  { title: 'An exception in init code', script: `const user = undefined;\nconsole.log(user.name);\n${EMPTY}` },
  { title: 'A module that is not there', script: `import './lib.js';\n${EMPTY}` },
  { title: 'A module of k6 with a typing error', script: `import http from 'k6/htp';\n${EMPTY}` },
  { title: 'A file that open() does not find', script: `const data = open('./data.json');\n${EMPTY}` },
  { title: 'An option with a typing error', script: options('{ iteratons: 5 }') },
  { title: 'A scenario without an executor', script: options("{ scenarios: { a: { vus: 1, duration: '1s' } } }") },
  {
    title: 'A field of a scenario with a typing error',
    script: options("{ scenarios: { a: { executor: 'constant-vus', vus: 1, duraton: '1s' } } }"),
  },
  {
    title: 'A field that a stage does not have',
    script: options("{ scenarios: { a: { executor: 'ramping-vus', stages: [{ duration: '1s', traget: 1 }] } } }"),
  },
  {
    title: 'An arrival rate without virtual users',
    script: options("{ scenarios: { a: { executor: 'constant-arrival-rate', rate: 5, duration: '1s' } } }"),
  },
  {
    title: 'A scenario whose function is not exported',
    script: options("{ scenarios: { a: { executor: 'per-vu-iterations', exec: 'buy' } } }"),
  },
  { title: 'Two ways to say how long', script: options("{ duration: '1s', stages: [{ duration: '1s', target: 1 }] }") },
  { title: 'Options that are a function', script: `export function options() {}\n${EMPTY}` },
  { title: 'A threshold that cannot be read', script: options("{ thresholds: { http_req_duration: ['p95<500'] } }") },
  {
    title: 'A threshold on a metric that there is not',
    script: options("{ thresholds: { http_req_duratoin: ['p(95)<500'] } }"),
  },
  {
    title: 'A threshold whose tag has no value',
    script: options("{ thresholds: { 'http_reqs{status:}': ['count>0'] } }"),
  },
  {
    title: 'A threshold on something that never happens',
    script: options("{ thresholds: { checks: ['rate>0.99'] } }"),
  },
  {
    title: 'Every iteration throws',
    script: `import { check } from 'k6';\nexport default function () {\n  const res = undefined;\n  check(res.body, { ok: true });\n}`,
  },
  {
    title: 'The same, with --strict',
    words: ['run', '--strict', 'script.js'],
    script: global('throw new Error("no");'),
  },
  { title: 'fetch()', script: global("fetch('http://127.0.0.1/');") },
  { title: 'process.env', script: global('console.log(process.env.HOME);') },
  { title: 'Buffer', script: global("Buffer.from('x');") },
  { title: 'localStorage', script: global("localStorage.setItem('a', 'b');") },
  { title: "require('fs')", script: `const fs = require('fs');\n${EMPTY}` },
  { title: 'A check that was not imported', script: global('check(1, { ok: true });') },
  { title: 'An address without a scheme', script: body("http.get('example.com/x');") },
  { title: 'A scheme with a typing error', script: body("http.get('htps://example.com/x');") },
  { title: 'A port that there is not', script: body("http.get('http://127.0.0.1:99999/');") },
  {
    title: 'An address of gRPC with a scheme',
    script: body(
      "client.connect('http://127.0.0.1:50051', { plaintext: true });",
      "import grpc from 'k6/net/grpc';\nconst client = new grpc.Client();",
    ),
  },
  { title: 'A flag of Node', words: ['run', '--cpu-prof', 'script.js'], script: EMPTY },
  { title: 'A template that there is not', words: ['new', '--template', 'browsers'] },
  { title: 'A code with a typing error', words: ['explain', 'ECONREFUSED'] },
  { title: 'An address that is undefined', script: body('const user = {};\n  http.get(user.url);') },
  { title: 'A name that another module has', script: `import { check } from 'k6/http';\n${EMPTY}` },
  {
    title: 'A metric with a space in its name',
    script: `import { Trend } from 'k6/metrics';\nconst waiting = new Trend('waiting time');\n${EMPTY}`,
  },
  { title: 'open() in an iteration', script: global("open('./data.json');") },
  {
    title: 'A metric that is made in an iteration',
    script: body("new Counter('orders').add(1);", "import { Counter } from 'k6/metrics';"),
  },
  {
    title: 'An executor with a typing error',
    script: options("{ scenarios: { a: { executor: 'constant-vu', vus: 1, duration: '1s' } } }"),
  },
  { title: 'Stages that are no list', script: options("{ stages: { duration: '1s', target: 1 } }") },
  {
    title: 'A threshold that is no list',
    script: options("{ thresholds: { http_req_duration: 'p(95)<500' } }"),
  },
  { title: 'More virtual users than iterations', script: options('{ vus: 10, iterations: 5 }') },
  { title: 'A request in init code', script: `import http from 'k6/http';\nhttp.get('http://127.0.0.1/');\n${EMPTY}` },
  {
    title: 'A schema that is not there',
    script: `import grpc from 'k6/net/grpc';\nconst client = new grpc.Client();\nclient.load(['protos'], 'shop.proto');\n${EMPTY}`,
  },
  {
    title: 'A WebSocket at an address of HTTP',
    script: body("ws.connect('http://127.0.0.1/', () => {});", "import ws from 'k6/ws';"),
  },
];
