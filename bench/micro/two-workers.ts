// What a second load worker brings a script that computes much: two against one, and every request in the server's log.
// node bench/micro/two-workers.ts [ITERATIONS] [ROUNDS], on a machine with two cores that have nothing else to do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { median } from '../rounds.ts';

export interface WorkersRun {
  readonly workers: number;
  /** Seconds in which the iterations were done, without the start of the program. */
  readonly seconds: number;
  /** By the summary. */
  readonly iterations: number;
  readonly requests: number;
  /** By the server's log. */
  readonly logged: number;
  /** Seconds that two cores with nothing else to do would need at least, by the CPU time of each thread; null where the system does not tell it. */
  readonly idleSeconds: number | null;
}

const CORES = 2;
const LOOK_MS = 20;

/** The CPU time of each thread of a process, from a moment until it ends: `schedstat` of proc(5), in ns, on Linux. */
class ThreadTimes {
  readonly #folder: string;
  readonly #hasBegun: () => boolean;
  readonly #before = new Map<string, number>();
  readonly #seconds = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #counts = false;

  /** @param hasBegun from when on it counts */
  constructor(pid: number, hasBegun: () => boolean) {
    this.#folder = `/proc/${pid}/task`;
    this.#hasBegun = hasBegun;
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  look(): void {
    try {
      const into = this.#counts ? this.#seconds : this.#before;
      this.#counts ||= this.#hasBegun();
      for (const thread of readdirSync(this.#folder)) {
        const [nanoseconds] = readFileSync(`${this.#folder}/${thread}/schedstat`, 'utf8').split(' ', 1);
        into.set(thread, Number(nanoseconds) / 1e9);
      }
    } catch {
      // It has ended on the way, or there is no such thing here: what was seen last stands.
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get #all(): number[] {
    return [...this.#seconds].map(([thread, seconds]) => seconds - (this.#before.get(thread) ?? 0));
  }

  /** Of the thread that was busiest: nothing is over before it. */
  get busiest(): number {
    return Math.max(0, ...this.#all);
  }

  get sum(): number {
    return this.#all.reduce((sum, seconds) => sum + seconds, 0);
  }
}

/** @returns the run, with a server of its own @throws Error where the test does not end with 0 */
export async function runWithWorkers(workers: number, iterations: number): Promise<WorkersRun> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-workers-'));
  const log = path.join(folder, 'requests.log');
  const summary = path.join(folder, 'summary.json');
  const server = spawn(process.execPath, [path.join(ROOT, 'bench/servers/logging-server.ts'), log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [address] = (await once(server.stdout, 'data')) as [Buffer];
    const words = ['run', '--quiet', '--workers', String(workers), '--summary-export', summary];
    const variables = ['-e', `SERVER=${String(address).trim()}`, '-e', `ITERATIONS=${iterations}`];
    const program = spawn(
      process.execPath,
      ['src/cli/main.ts', ...words, ...variables, 'bench/workloads/cpu-heavy.js'],
      {
        cwd: ROOT,
        env: { ...process.env, SIXFOLD_HISTORY: 'off' },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const hasBegun = (): boolean => statSync(log).size > 0;
    const times = new ThreadTimes(program.pid!, hasBegun);
    const served = new ThreadTimes(server.pid!, hasBegun);
    let output = '';
    program.stderr.on('data', (text: Buffer) => (output += text));
    const [exit] = (await once(program, 'close')) as [number | null];
    times.stop();
    if (exit !== 0) throw new Error(`the test ended with ${exit}:\n${output}`);
    served.look();
    served.stop();
    server.kill('SIGTERM');
    await once(server, 'exit');
    const { metrics } = JSON.parse(readFileSync(summary, 'utf8')) as {
      metrics: Record<'iterations' | 'http_reqs', { count: number; rate: number }>;
    };
    return {
      workers,
      seconds: metrics.iterations.count / metrics.iterations.rate,
      iterations: metrics.iterations.count,
      requests: metrics.http_reqs.count,
      logged: readFileSync(log, 'utf8').split('\n').length - 1,
      idleSeconds: times.sum === 0 ? null : Math.max(times.busiest, (times.sum + served.sum) / CORES),
    };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const [iterations = 400, rounds = 5] = process.argv.slice(2).map(Number);
  const factors: number[] = [];
  const idleFactors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const one = await runWithWorkers(1, iterations);
    const two = await runWithWorkers(2, iterations);
    const isExact = [one, two].every((run) => run.requests === iterations && run.logged === iterations);
    factors.push(one.seconds / two.seconds);
    const [idleOne, idleTwo] = [one.idleSeconds, two.idleSeconds];
    const idle =
      idleOne === null || idleTwo === null
        ? ''
        : `; on idle cores ${idleOne.toFixed(2)} s and ${idleTwo.toFixed(2)} s: ${(idleOne / idleTwo).toFixed(2)} ×`;
    if (idleOne !== null && idleTwo !== null) idleFactors.push(idleOne / idleTwo);
    console.log(
      `one ${one.seconds.toFixed(2)} s, two ${two.seconds.toFixed(2)} s: ${(one.seconds / two.seconds).toFixed(2)} ×${idle}; ` +
        `requests ${one.requests} and ${two.requests}, in the log ${one.logged} and ${two.logged}${isExact ? '' : ': NOT EQUAL'}`,
    );
    if (!isExact) process.exitCode = 1;
  }
  console.log(`median ${median(factors).toFixed(2)} × as it was`);
  if (idleFactors.length > 0)
    console.log(
      `median ${median(idleFactors).toFixed(2)} × by the CPU time of the threads: what two cores with nothing else to do would give`,
    );
}
