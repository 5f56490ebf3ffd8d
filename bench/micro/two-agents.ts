// What a second agent brings: one against two, each on one thread, a server in a process of its own, and every request in its log.
// node bench/micro/two-agents.ts [ITERATIONS] [ROUNDS], with nats-server on the path.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { ClusterLab } from '../../test/end-to-end/cluster/cluster-lab.ts';
import { median } from '../rounds.ts';

interface AgentsRun {
  /** Seconds of processor time of the agent that took most: its daemon, and the process of its load. */
  readonly busiest: number;
  readonly iterations: number;
  /** By the server's log. */
  readonly logged: number;
}

/** Processor time of a process and its children so far, in s. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  // Those that have ended are in fields 13 and 14.
  const own = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]) / 100, 0);
  return children.reduce((sum, child) => sum + cpuOf(child), own);
}

async function runOver(lab: ClusterLab, agents: number, iterations: number): Promise<AgentsRun> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'two-agents-'));
  const log = path.join(folder, 'requests.log');
  const server = spawn(process.execPath, [path.join(ROOT, 'bench/servers/logging-server.ts'), log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [address] = (await once(server.stdout, 'data')) as [Buffer];
    const pids = lab.agents.map(({ child }) => child.pid!);
    const before = pids.map(cpuOf);
    const script = `
      import http from 'k6/http';
      export const options = { scenarios: { all: { executor: 'shared-iterations', vus: ${7 * agents}, iterations: ${iterations}, maxDuration: '5m' } } };
      export default function () { http.get('${String(address).trim()}'); }
      export function handleSummary({ metrics }) { return { stdout: 'made ' + metrics.iterations.values.count + '\\n' }; }`;
    const { exit, stdout, stderr } = await lab.run(script, ['--agents', String(agents), '--agents-wait', '20s']).ended;
    if (exit !== 0) throw new Error(stderr);
    const used = pids.map((pid, index) => cpuOf(pid) - before[index]!);
    return {
      busiest: Math.max(...used),
      iterations: Number(/made (\d+)/.exec(stdout)?.[1]),
      logged: statSync(log).size === 0 ? 0 : readFileSync(log, 'utf8').trim().split('\n').length,
    };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

const [iterations = 400_000, rounds = 3] = process.argv.slice(2).map(Number);
const lab = await ClusterLab.open();
try {
  await lab.startAgents(2);
  const gains: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Starting, compiling and ending a run are no part of it: what a shorter one takes too.
    const [shortOne, shortTwo] = [await runOver(lab, 1, iterations / 4), await runOver(lab, 2, iterations / 4)];
    const one = await runOver(lab, 1, iterations);
    const two = await runOver(lab, 2, iterations);
    const gain = (one.busiest - shortOne.busiest) / (two.busiest - shortTwo.busiest);
    gains.push(gain);
    console.log(
      `one agent ${one.busiest.toFixed(2)} s of processor time, of two the busiest ${two.busiest.toFixed(2)} s: ${gain.toFixed(2)} × on idle cores;` +
        ` iterations ${one.iterations}, ${two.iterations}; in the server's log ${one.logged}, ${two.logged}`,
    );
  }
  console.log(`median ${median(gains).toFixed(2)} ×`);
} finally {
  await lab.close();
}
