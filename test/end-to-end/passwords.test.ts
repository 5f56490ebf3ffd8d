// Passwords in addresses, right or wrong, wherever a user may write one: nothing that is printed or written shows them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runCommand, Scratch } from './command.ts';

const scratch = new Scratch();
after(() => scratch.remove());
scratch.write('script.js', 'export const options = { iterations: 1 }; export default function () {}');

const run = (words: readonly string[]) => runCommand(words, { cwd: scratch.folder, env: { SIXFOLD_HISTORY: 'off' } });
const LOGIN = 'ann:hunter2';
/** Nobody listens there. */
const CLOSED = '127.0.0.1:1';

const REFUSED: readonly (readonly [words: readonly string[], says: RegExp, exit?: number])[] = [
  [
    ['run', `https://${LOGIN}@${CLOSED}/s.js`],
    /the script https:\/\/\*+:\*+@127\.0\.0\.1:1\/s\.js does not exist: scripts are files/,
  ],
  [['run', '--out', `http://${LOGIN}@h`, 'script.js'], /invalid output type "http:\/\/\*+:\*+@h"/],
  [['run', '--out', `json=http://${LOGIN}@h/x`, 'script.js'], /could not write to "http:\/\/\*+:\*+@h\/x"/],
  [['run', '--out', `output-statsd=${LOGIN}@h:1`, 'script.js'], /"\*+:\*+@h:1" is no address such as localhost:8125/],
  [['run', '--out', `xk6-kafka=brokers=${LOGIN}@h:1,topic=x`, 'script.js'], /brokers are host:port each/],
  [['run', '--log-output', `http://${LOGIN}@h`, 'script.js'], /unsupported log output "http:\/\/\*+:\*+@h"/],
  [['run', '--secret-source', `http://${LOGIN}@h`, 'script.js'], /no type of source "http:\/\/\*+:\*+@h"/],
  [['run', '--address', `${LOGIN}@h:1`, 'script.js'], /"\*+:\*+@h:1" is no address: use HOST:PORT/],
  [
    ['run', '--http-proxy', `http://${LOGIN}@h:port`, 'script.js'],
    /the proxy "http:\/\/\*+:\*+@h:port" cannot be read/,
    104,
  ],
  [['run', '--config', `http://${LOGIN}@h`, 'script.js'], /config file "http:\/\/\*+:\*+@h"/, 104],
  [
    ['run', '--nats', `nats://${LOGIN}@${CLOSED}`, '--agents', '1', 'script.js'],
    /address of NATS has no name and password/,
  ],
  [
    ['agent', '--nats', `nats://h,nats://${LOGIN}@h`],
    /address of NATS has no name and password in it: --nats-creds FILE/,
  ],
  [['deploy', 'systemd', '--nats', `nats://${LOGIN}@h`], /address of NATS has no name and password/],
  [['status', '--address', `http://${LOGIN}@${CLOSED}`], /"http:\/\/\*+:\*+@127\.0\.0\.1:1" is no address/],
  [
    ['cloud', 'login', '--url', `http://${LOGIN}@${CLOSED}`],
    /address of a server has no name and password in it: a token/,
  ],
  [['server', '--database', `postgres://${LOGIN}@${CLOSED}/x`], /--database postgres:\/\/\*+:\*+@127\.0\.0\.1:1\/x: /],
  [['server', '--database', `postgres:///x?host=127.0.0.1&port=1&user=a&password=hunter2`], /&password=\*+: connect/],
  [
    ['server', '--oidc-issuer', `https://${LOGIN}@h`, '--oidc-client-id', 'x'],
    /--oidc-issuer https:\/\/\*+:\*+@h: leave out/,
  ],
];

for (const [words, says, code = 255] of REFUSED)
  test(`sixfold ${words.join(' ')} says what is wrong without the password`, async () => {
    const { exit, stdout, stderr } = await run(words);
    assert.equal(exit, code, stderr);
    // The log puts its messages into quotes.
    const printed = (stdout + stderr).replaceAll('\\"', '"');
    assert.match(printed, says);
    assert.doesNotMatch(printed, /hunter2/);
  });

test('what scripts are told of addresses that cannot be used has no password', async () => {
  scratch.write(
    'modules.js',
    `import ws from 'k6/ws';
     import { WebSocket } from 'k6/websockets';
     import http from 'k6/http';
     import grpc from 'k6/net/grpc';
     import redis from 'k6/x/redis';
     import sse from 'k6/x/sse';
     import { Client } from 'k6/x/mqtt';
     export const options = { iterations: 1 };
     const tell = (what) => { try { const told = what(); console.log(String(told?.error ?? told)); } catch (error) { console.log(String(error)); } };
     export default function () {
       for (const at of ['${LOGIN}@${CLOSED}', '${LOGIN}@${CLOSED.replace('1', 'bad')}:bad', 'ann:hunter2/x@${CLOSED}', 'ann:hun/hunter2@${CLOSED}', '${LOGIN}%@${CLOSED}', '${LOGIN} x@${CLOSED}'])
         for (const scheme of ['', '//', 'http://', 'htp://', 'ws://', 'redis://', 'mqtt://']) {
           tell(() => http.get(scheme + at));
           tell(() => http.batch([scheme + at])[0]);
           tell(() => ws.connect(scheme + at, {}, () => {}));
           tell(() => { const socket = new WebSocket(scheme + at); socket.onerror = ({ error }) => console.log(error); });
           tell(() => new grpc.Client().connect(scheme + at, { plaintext: true, timeout: '2s' }));
           tell(() => new redis.Client(scheme + at));
           tell(() => sse.open(scheme + at, {}, () => {}));
           tell(() => { const client = new Client(); client.on('error', (error) => console.log(String(error))); client.connect(scheme + at); });
         }
     }`,
  );
  const { stdout, stderr } = await run(['run', '--summary-mode', 'full', 'modules.js']);
  assert.match(stderr, /invalid port after host/);
  assert.match(stderr, /too many colons in address/);
  assert.ok(stderr.split('\n').length > 250, stderr);
  const shown = (stdout + stderr).split('\n').filter((line) => /hunter2|"?:hun\b/.test(line));
  assert.deepEqual(shown, []);
});
