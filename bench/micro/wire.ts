// What a request costs our HTTP client on real sockets, without script, checks and samples: the thread's CPU time, kernel included. Run with Node 26:
//   node bench/micro/wire.ts URL [seconds]          a server that speaks what is to be measured (https: HTTP/2, where it offers that)

import { parseRequestUrl } from '../../src/wire/http/request-url.ts';
import type { HttpRequest } from '../../src/wire/http1/exchange.ts';
import { writeHead } from '../../src/wire/http1/request-writer.ts';
import { Dialer } from '../../src/wire/net/dialer.ts';
import { HttpConnections } from '../../src/wire/pool/http-connections.ts';

const USERS = 50;
/** Of which the best counts: what others do on the machine makes rounds slower, never faster. */
const ROUNDS = 20;

const [text, seconds = '2'] = process.argv.slice(2);
if (text === undefined) {
  console.log('wire: skipped, since no URL is given');
  process.exit();
}
const url = parseRequestUrl(text);
const { scheme, host, port, path } = url;
const headers: [string, string][] = [
  ['Host', url.authority],
  ['User-Agent', 'sixfold-bench'],
];
const request: HttpRequest = { method: 'GET', scheme, host, port, path, headers, body: null };
request.http1Head = writeHead(request);
const options = {
  timeoutMs: 10_000,
  readBody: true,
  tls: { alpn: ['h2', 'http/1.1'], rejectUnauthorized: false },
};
const dialer = new Dialer();
let requests = 0;
let until = 0;

async function iterate(users: readonly HttpConnections[], ms: number): Promise<void> {
  until = performance.now() + ms;
  await Promise.all(
    users.map(
      (user) =>
        new Promise<void>((resolve, reject) => {
          const next = (): void => {
            user.start(request, options, {
              onResult(error, response) {
                if (response === null) reject(error);
                else if (response.status !== 200) reject(new Error(`status ${response.status}`));
                else {
                  requests++;
                  if (performance.now() < until) next();
                  else resolve();
                }
              },
            });
          };
          next();
        }),
    ),
  );
}

const users = Array.from(
  { length: USERS },
  () => new HttpConnections({ dialer, meter: { sent: 0, received: 0 }, maxIdlePerHost: 1, noReuse: false }),
);
await iterate(users, 1500);
let best = Number.POSITIVE_INFINITY;
for (let round = 0; round < ROUNDS; round++) {
  requests = 0;
  const cpu = process.threadCpuUsage();
  await iterate(users, (Number(seconds) * 1000) / ROUNDS);
  const used = process.threadCpuUsage(cpu);
  best = Math.min(best, (used.user + used.system) / requests);
}
console.log(`${text.padEnd(32)} ${best.toFixed(2).padStart(7)} µs a request`);
for (const user of users) user.close();
process.exit();
