// What a second agent brings a script that computes much: one agent with a core of its own against two, a server in a process of its own, and
// every request in its log. Who leads the test, NATS and the server share those two cores.
// node bench/micro/two-agents.ts [ITERATIONS] [ROUNDS], with nats-server on the path, on a machine with two cores that have nothing else to do.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os, { availableParallelism } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { ClusterLab } from '../../test/end-to-end/cluster/cluster-lab.ts';
import { median } from '../rounds.ts';

export interface AgentsRun {
  /** Iterations a second between the first and the last sixth of them, when all agents make load: without the start of the test and its end. */
  readonly rate: number;
  /** By the summary. */
  readonly iterations: number;
  readonly requests: number;
  /** By the server's log. */
  readonly logged: number;
}

/** How much of a run is left out at either end. */
const EDGE = 1 / 6;

/** Has each agent of a lab use one core. */
export function pinAgents(lab: ClusterLab): void {
  for (const [core, { child }] of lab.agents.entries())
    execFileSync('taskset', [
      '--all-tasks',
      '--cpu-list',
      '--pid',
      String(core % availableParallelism()),
      String(child.pid),
    ]);
}

/** @param iterations of each agent @throws Error where the test does not end with 0 */
export async function runOverAgents(lab: ClusterLab, agents: number, iterations: number): Promise<AgentsRun> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'two-agents-'));
  const log = path.join(folder, 'requests.log');
  const server = spawn(process.execPath, [path.join(ROOT, 'bench/servers/logging-server.ts'), log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [address] = (await once(server.stdout, 'data')) as [Buffer];
    const script = readFileSync(path.join(ROOT, 'bench/workloads/cpu-heavy.js'), 'utf8');
    const summary = path.join(folder, 'summary.json');
    const { exit, stderr } = await lab.run(script, [
      ...['--agents', String(agents), '--agents-wait', '20s', '--summary-export', summary],
      ...['-e', `SERVER=${String(address).trim()}`, '-e', `ITERATIONS=${iterations * agents}`],
    ]).ended;
    if (exit !== 0) throw new Error(stderr);
    server.kill('SIGTERM');
    await once(server, 'exit');
    const times = readFileSync(log, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => Number(line.split(' ', 1)));
    const [from, to] = [Math.ceil(times.length * EDGE), Math.floor(times.length * (1 - EDGE))];
    const { metrics } = JSON.parse(readFileSync(summary, 'utf8')) as {
      metrics: Record<'iterations' | 'http_reqs', { count: number }>;
    };
    return {
      rate: ((to - from) * 1000) / (times[to]! - times[from]!),
      iterations: metrics.iterations.count,
      requests: metrics.http_reqs.count,
      logged: times.length,
    };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  const [iterations = 600, rounds = 5] = process.argv.slice(2).map(Number);
  const lab = await ClusterLab.open();
  try {
    await lab.startAgents(2);
    pinAgents(lab);
    const gains: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const one = await runOverAgents(lab, 1, iterations);
      const two = await runOverAgents(lab, 2, iterations);
      const gain = two.rate / one.rate;
      gains.push(gain);
      const areExact = [one, two].every((run, index) => {
        const expected = iterations * (index + 1);
        return run.iterations === expected && run.requests === expected && run.logged === expected;
      });
      if (!areExact) process.exitCode = 1;
      console.log(
        `one agent ${one.rate.toFixed(1)} iterations a second, two ${two.rate.toFixed(1)}: ${gain.toFixed(2)} ×; requests ${one.requests} and ` +
          `${two.requests}, in the server's log ${one.logged} and ${two.logged}${areExact ? '' : ': NOT EQUAL'}`,
      );
    }
    console.log(`median ${median(gains).toFixed(2)} ×`);
  } finally {
    await lab.close();
  }
}
