// What a second load worker brings a script that computes much: two against one, and every request in the server's log.
// node bench/micro/two-workers.ts [ITERATIONS] [ROUNDS], on a machine with two cores that have nothing else to do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';
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
    const { exit, output } = await runProgram(
      process.execPath,
      ['src/cli/main.ts', ...words, ...variables, 'bench/workloads/cpu-heavy.js'],
      { cwd: ROOT, output: 'keep' },
    );
    if (exit !== 0) throw new Error(`the test ended with ${exit}:\n${output}`);
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
    };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const [iterations = 2000, rounds = 5] = process.argv.slice(2).map(Number);
  const factors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const one = await runWithWorkers(1, iterations);
    const two = await runWithWorkers(2, iterations);
    const isExact = [one, two].every((run) => run.requests === iterations && run.logged === iterations);
    factors.push(one.seconds / two.seconds);
    console.log(
      `one ${one.seconds.toFixed(2)} s, two ${two.seconds.toFixed(2)} s: ${(one.seconds / two.seconds).toFixed(2)} ×; ` +
        `requests ${one.requests} and ${two.requests}, in the log ${one.logged} and ${two.logged}${isExact ? '' : ': NOT EQUAL'}`,
    );
    if (!isExact) process.exitCode = 1;
  }
  console.log(`median ${median(factors).toFixed(2)} ×`);
}
