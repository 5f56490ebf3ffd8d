// What an iteration costs without the system's part: virtual users at work in this thread, on connections that answer by themselves.
// Prints the thread's CPU time and the octets of the heap that an iteration takes; what changes here is our own doing. Run with Node 26:
//   node bench/micro/iteration.ts [http-get | realistic] [seconds]
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { RealClock } from '../../src/execution/clock.ts';
import { PooledVu } from '../../src/execution/load-plane/pooled-vu.ts';
import { ScriptHost } from '../../src/execution/load-plane/script-host.ts';
import { RunCounters } from '../../src/execution/run-counters.ts';
import { TagSet } from '../../src/metrics/tag-set.ts';
import { INIT_OPTIONS } from '../../src/options/options.ts';
import { loadProgram } from '../../src/script/load/load-program.ts';
import { NO_PROGRAMS } from '../../src/vu/programs.ts';
import type { ByteMeter } from '../../src/wire/net/byte-meter.ts';
import type { Connection, ConnectionHandler } from '../../src/wire/net/connection.ts';
import type { DialRequest } from '../../src/wire/net/dialer.ts';
import type { WireError } from '../../src/wire/net/wire-error.ts';

const USERS = 50;
/** Of which the best counts: what others do on the machine makes rounds slower, never faster. */
const ROUNDS = 20;
/** What nginx answers to `/hello` and `/json` of the other benchmarks. */
const ANSWERS: Readonly<Record<string, Buffer>> = {
  'http-get': answer('text/plain', 'Hello, world!'),
  realistic: answer(
    'application/json',
    '{"id":42,"state":"placed","items":[{"name":"margherita","quantity":2}],"totalCents":1700}',
  ),
};

function answer(type: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 29 Nov 2026 08:00:00 GMT\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`,
  );
}

/** Takes what is written, and answers in a turn of the event loop of its own, as a socket would. */
class AnsweringConnection implements Connection {
  handler!: ConnectionHandler;
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort = 80;
  readonly localAddress = '127.0.0.1';
  readonly localPort = 40_000;
  readonly alpn = null;
  readonly tls = null;
  readonly peer = null;
  readonly marks = { lookupMs: 0, connectMs: 0, tlsMs: 0 };
  readonly meter: ByteMeter;
  readonly queued = 0;
  closed = false;
  readonly #answer: Buffer;
  readonly #read = (): void => {
    this.meter.received += this.#answer.length;
    if (!this.closed) this.handler.onData(this.#answer);
  };

  constructor(meter: ByteMeter, bytes: Buffer) {
    this.meter = meter;
    this.#answer = bytes;
  }

  write(data: Uint8Array | string): boolean {
    this.meter.sent += data.length;
    setImmediate(this.#read);
    return true;
  }

  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {
    this.closed = true;
  }
}

const [name = 'http-get', seconds = '2'] = process.argv.slice(2);
const bytes = ANSWERS[name];
if (bytes === undefined) throw new Error(`There is no workload ${name} here: ${Object.keys(ANSWERS).join(', ')}.`);
const file = fileURLToPath(new URL(`../workloads/${name}.js`, import.meta.url));
const program = await loadProgram({ path: file, source: readFileSync(file, 'utf8'), cwd: process.cwd() });
const counters = new RunCounters();
const host = new ScriptHost(
  {
    env: { HTTP: 'http://127.0.0.1:80' },
    script: { file: null, folder: process.cwd() },
    index: 0,
    keyLogFile: null,
    targets: null,
  },
  counters,
  NO_PROGRAMS,
  () => {},
  () => {},
);
await host.load(program);
host.configure(INIT_OPTIONS);
Object.defineProperty(host.environment.network, 'dialer', {
  value: {
    start: (request: DialRequest, done: (error: WireError | null, connection: Connection | null) => void) => {
      done(null, new AnsweringConnection(request.meter, bytes));
      return { cancel: () => {} };
    },
  },
});
const scenario = {
  name: 'default',
  executor: 'constant-vus' as const,
  exec: 'default',
  env: {},
  tags: TagSet.EMPTY.with('scenario', 'default').with('group', ''),
};
let iterations = 0;
let until = 0;
let running = 0;
let allEnded = (): void => {};
const clock = Object.assign(new RealClock(), { isPaused: false, defer: (then: () => void) => then() });
const vus: PooledVu[] = [];
for (let index = 0; index < USERS; index++) {
  const { vu, exports } = await host.createVu(index + 1, index + 1);
  vu.phase = 'iteration';
  const pooled = new PooledVu(vu, exports, {
    setupData: undefined,
    counters,
    clock,
    reportError: (_vu, error) => {
      throw error;
    },
  });
  pooled.join(scenario as never);
  vus.push(pooled);
}

const listener = {
  onIterationEnd: (vu: unknown) => {
    iterations++;
    if ((iterations & 1023) === 0) host.flush();
    if (performance.now() < until) (vu as PooledVu).begin(iterations, iterations, Number.NaN, listener);
    else if (--running === 0) allEnded();
  },
};

async function iterate(ms: number): Promise<void> {
  until = performance.now() + ms;
  running = USERS;
  await new Promise<void>((resolve) => {
    allEnded = resolve;
    for (const vu of vus) vu.begin(iterations, iterations, Number.NaN, listener);
  });
}

await iterate(1500);
let best = Number.POSITIVE_INFINITY;
let least = Number.POSITIVE_INFINITY;
for (let round = 0; round < ROUNDS; round++) {
  iterations = 0;
  const cpu = process.threadCpuUsage();
  const allocated = v8.getHeapStatistics().total_allocated_bytes;
  await iterate((Number(seconds) * 1000) / ROUNDS);
  const used = process.threadCpuUsage(cpu);
  const octets = v8.getHeapStatistics().total_allocated_bytes - allocated;
  best = Math.min(best, (used.user + used.system) / iterations);
  least = Math.min(least, octets / iterations);
}
console.log(`${name.padEnd(12)} ${best.toFixed(2).padStart(7)} µs  ${Math.round(least)} octets an iteration`);
