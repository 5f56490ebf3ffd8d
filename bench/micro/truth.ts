// Whether what is measured is true: how far each phase of a request is from what the server says of it, and whether the counts are those
// of the server. 200 virtual users, a connection and a handshake for each request; then iterations that are due at known times, each a
// request that takes 20 ms. Run with Node 26:
//   node bench/micro/truth.ts [users] [seconds]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../../scripts/root.ts';
import { measureProcess } from '../measure-process.ts';

const PHASES = ['tls_handshaking', 'waiting', 'receiving'] as const;
/** Of a run: by then the engine has compiled what both sides need. */
const WARM_UP_S = 3;
/** Iterations a second. */
const RATES = [2000, 20_000];

export interface Truth {
  /** Of what is measured from what is true, in ms, by phase. */
  readonly errors: Readonly<
    Record<(typeof PHASES)[number], { readonly min: number; readonly med: number; readonly p99: number }>
  >;
  /** As the program counted them. */
  readonly requests: number;
  /** As the server did. */
  readonly answered: number;
}

type Metrics = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** @throws Error where the run ends with another code than 0 */
async function runScript(script: string, words: readonly string[]): Promise<Metrics> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-truth-'));
  try {
    const exported = path.join(folder, 'summary.json');
    const cost = await measureProcess(
      process.execPath,
      [
        path.join(ROOT, 'bin/sixfold.js'),
        'run',
        '--quiet',
        '--summary-export',
        exported,
        ...words,
        fileURLToPath(new URL(`../workloads/${script}.js`, import.meta.url)),
      ],
      { SIXFOLD_HISTORY: 'off' },
    );
    if (cost.exit !== 0) throw new Error(`it ended with ${cost.exit}:\n${cost.stdout}${cost.stderr}`);
    return (JSON.parse(readFileSync(exported, 'utf8')) as { metrics: Metrics }).metrics;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startServer(name: string, words: readonly string[] = []) {
  const file = fileURLToPath(new URL(`../servers/${name}.ts`, import.meta.url));
  return fork(file, words, { execPath: process.execPath, execArgv: [] });
}

/**
 * Runs the workload against a server of its own.
 * @param scale how many times as long the server takes for each phase
 * @param warmUpS seconds at the beginning whose requests are counted, and not held against what the server says
 * @throws Error where the run ends with another code than 0
 */
export async function measureTruth(users: number, seconds: number, scale = 1, warmUpS = 0): Promise<Truth> {
  const server = startServer('phase-server', [String(scale)]);
  try {
    const [port] = (await once(server, 'message')) as [number];
    const variables = ['-e', `PHASES=https://127.0.0.1:${port}/`, '-e', `WARM_UP=${warmUpS}`];
    const metrics = await runScript('phases', [...variables, '-u', String(users), '-d', `${seconds}s`]);
    server.send('how many');
    const [answered] = (await once(server, 'message')) as [number];
    const errorOf = (phase: string) => {
      const { min = Number.NaN, med = Number.NaN, 'p(99)': p99 = Number.NaN } = metrics[`error_${phase}`] ?? {};
      return { min, med, p99 };
    };
    return {
      errors: {
        tls_handshaking: errorOf('tls_handshaking'),
        waiting: errorOf('waiting'),
        receiving: errorOf('receiving'),
      },
      requests: metrics['http_reqs']?.['count'] ?? Number.NaN,
      answered,
    };
  } finally {
    server.disconnect();
  }
}

/** Durations in ms, of requests that take 20 and of how late iterations began. */
interface Arrival {
  readonly requests: { readonly med: number; readonly p99: number };
  readonly late: { readonly med: number; readonly p99: number };
  readonly dropped: number;
}

/** @param rate iterations a second */
async function measureArrival(rate: number, seconds: number): Promise<Arrival> {
  const server = startServer('slow-server');
  try {
    const [port] = (await once(server, 'message')) as [number];
    const variables = { SLOW: `http://127.0.0.1:${port}`, RATE: rate, DURATION: `${seconds}s` };
    const words = Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const metrics = await runScript('arrival', words);
    const trend = (name: string) => {
      const { med = Number.NaN, 'p(99)': p99 = Number.NaN } = metrics[name] ?? {};
      return { med, p99 };
    };
    return {
      requests: trend('http_req_duration'),
      late: trend('iteration_start_delay'),
      dropped: metrics['dropped_iterations']?.['count'] ?? 0,
    };
  } finally {
    server.disconnect();
  }
}

const ms = ({ med, p99 }: { med: number; p99: number }): string =>
  `${med.toFixed(2)} ms at the median, ${p99.toFixed(2)} ms at the 99th percentile`;

if (import.meta.main) {
  const [users, seconds] = [Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 10)];
  for (const warmUpS of [0, WARM_UP_S]) {
    const { errors, requests, answered } = await measureTruth(users, seconds + warmUpS, 1, warmUpS);
    console.log(`${users} users, ${warmUpS === 0 ? 'from the first request on' : `after ${warmUpS} s`}`);
    for (const phase of PHASES) console.log(`  ${phase.padEnd(16)} off by ${ms(errors[phase])}`);
    console.log(`  ${'requests'.padEnd(16)} ${requests} counted, ${answered} at the server`);
  }
  for (const rate of RATES) {
    const { requests, late, dropped } = await measureArrival(rate, seconds);
    console.log(`${rate.toLocaleString('en')} iterations a second against 20 ms, from the first one on`);
    console.log(`  ${'requests'.padEnd(16)} ${ms(requests)}`);
    console.log(`  ${'late'.padEnd(16)} ${ms(late)}`);
    console.log(`  ${'dropped'.padEnd(16)} ${dropped}`);
  }
}
