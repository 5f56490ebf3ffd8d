// What leading a test over many agents takes: a real coordinator and NATS, and agents that are real but for their load, which makes up 1,000 series.
// Prints the processor time and the memory of the coordinator, and whether every sample came. Run with Node 26, with nats-server on the path:
//   node bench/micro/coordinator.ts [agents,agents…] [seconds]
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { startAgent } from '../../src/cluster/agent/agent.ts';
import type { AgentLoadListener, RunningLoad } from '../../src/cluster/agent/agent-load.ts';
import { NO_COUNTS, type ToldCounts } from '../../src/execution/summed-counts.ts';
import type { Reply, Step } from '../../src/execution/worker-protocol.ts';
import { encodeReport } from '../../src/metrics/reports/report-codec.ts';
import { ReportWriter } from '../../src/metrics/reports/report-writer.ts';
import type { SampleBatch, SeriesDescription } from '../../src/metrics/sample-batch.ts';
import { spawnNats } from '../../test/servers/spawn-nats.ts';

const SERIES = 1000;
/** Of which each has so many samples a second. */
const SAMPLES = 5;
/** 700 of a trend, 150 of counters, 100 of rates, 50 of gauges, as requests to 70 endpoints have them. */
const TYPES = Array.from({ length: SERIES }, (_, id) =>
  id < 700 ? ('trend' as const) : id < 850 ? ('counter' as const) : id < 950 ? ('rate' as const) : ('gauge' as const),
);
const METRICS = {
  trend: { name: 'http_req_duration', type: 'trend', contains: 'time' },
  counter: { name: 'http_reqs', type: 'counter', contains: 'default' },
  rate: { name: 'http_req_failed', type: 'rate', contains: 'default' },
  gauge: { name: 'queue', type: 'gauge', contains: 'default' },
} as const;
const HEALTH = {
  durationMs: 0,
  delayP99Ms: 0,
  delayMaxMs: 0,
  busyShare: 0,
  saturatedShare: 0,
  cpuShare: 0,
  gcShare: 0,
};

/** Load that is made up: each second every series has its samples. */
class MadeUpLoad implements RunningLoad {
  readonly #listener: AgentLoadListener;
  readonly #writer = new ReportWriter();
  #seconds = 0;
  #described = false;
  #isRunning = false;
  #made = 0;
  #end: (() => void) | null = null;

  constructor(listener: AgentLoadListener, seconds: number) {
    this.#listener = listener;
    this.#seconds = seconds;
  }

  get counts(): ToldCounts {
    return { ...NO_COUNTS, iterationsCompleted: this.#made, vusActive: this.#isRunning ? 10 : 0, vusInitialised: 10 };
  }

  readonly progress = { scenarios: [], busyShare: 0 };

  drain(): void {}

  async load(): Promise<Reply> {
    const exports = { options: {}, optionsType: 'object', functions: ['default'], others: {}, metrics: [], opened: [] };
    return { type: 'loaded', exports };
  }

  async ask(step: Exclude<Step, { type: 'load' }>): Promise<Reply | null> {
    switch (step.type) {
      case 'configure':
        return { type: 'ready' };
      case 'setup':
        return { type: 'setup-done', setupData: undefined };
      case 'start': {
        this.#isRunning = true;
        await new Promise<void>((resolve) => {
          this.#end = resolve;
        });
        this.#isRunning = false;
        return { type: 'finished', health: HEALTH };
      }
      case 'flush':
        return { type: 'flushed' };
      case 'teardown':
        return { type: 'teardown-done' };
      case 'summary':
        return { type: 'summary-done', files: null };
    }
  }

  /** Is asked for once a second. */
  report(addMs: number): void {
    if (!this.#isRunning) return;
    this.#writer.add(this.#batch(), 0);
    const now = performance.timeOrigin + performance.now();
    for (const report of this.#writer.cut(now, addMs, 500)) this.#listener.onReport(encodeReport(report));
    this.#made += SAMPLES;
    if (this.#made >= SAMPLES * this.#seconds) this.#end?.();
  }

  #batch(): SampleBatch {
    const count = SERIES * SAMPLES;
    const [ids, values, times] = [new Uint32Array(count), new Float64Array(count), new Float64Array(count)];
    const now = performance.timeOrigin + performance.now();
    for (let at = 0; at < count; at++) {
      const id = at % SERIES;
      ids[at] = id;
      values[at] = TYPES[id] === 'trend' ? 20 + 200 * Math.random() ** 3 : 1;
      times[at] = now;
    }
    const series = this.#described ? [] : TYPES.map(describe);
    this.#described = true;
    return { series, ids, values, times, count };
  }

  tell({ type }: { readonly type: string }): void {
    if (type === 'stop') this.#end?.();
  }
  sayHere(): void {}
  begin(): void {}
  pause(): void {}
  showPaths(text: string): string {
    return text;
  }
  fileAt(): string {
    return '';
  }
  async finish(): Promise<void> {}
  async close(): Promise<void> {}
}

function describe(type: keyof typeof METRICS, id: number): SeriesDescription {
  const name = `endpoint-${id % 70}`;
  return { id, metric: METRICS[type], tags: ['name', name, 'series', String(id), 'scenario', 'default'] };
}

/** The process of all agents. */
async function runAgents(url: string, count: number, seconds: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      startAgent({
        nats: { url, creds: null, ca: null, cert: null, key: null },
        name: `agent-${index}`,
        group: 'default',
        labels: {},
        trusted: [],
        once: false,
        unreachableMs: 300_000,
        orphanMs: 600_000,
        log: () => {},
        startLoad: (listener) => new MadeUpLoad(listener, seconds),
      }),
    ),
  );
  process.send?.('ready');
}

interface Taken {
  readonly cores: number;
  readonly peakMb: number;
  readonly isWhole: boolean;
}

async function measure(count: number, seconds: number): Promise<Taken> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coordinator-'));
  const nats = await spawnNats();
  const agents = fork(new URL(import.meta.url).pathname, ['agents', nats.url, String(count), String(seconds)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    await new Promise((resolve) => agents.once('message', resolve));
    const script = path.join(folder, 'script.js');
    writeFileSync(
      script,
      `export const options = { vus: 1000, duration: '10m', thresholds: { http_req_duration: ['p(95)<10000'] } };
       export default function () {}
       export function handleSummary({ metrics }) {
         const { http_req_duration: d, http_reqs: r } = metrics;
         return { stdout: 'counted ' + JSON.stringify([d.values.count, r.values.count]) + '\\n' };
       }`,
    );
    const words = [
      'run',
      '-q',
      '--nats',
      nats.url,
      '--agents',
      String(count),
      '--summary-trend-stats',
      'count,p(95)',
      script,
    ];
    const run = spawn(process.execPath, [path.join(ROOT, 'bin/sixfold.js'), ...words], {
      env: { ...process.env, SIXFOLD_HISTORY: 'off', XDG_STATE_HOME: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let [text, peakMb] = ['', 0];
    const moments: { readonly atMs: number; readonly cpu: number }[] = [];
    run.stdout.on('data', (data) => {
      text += String(data);
    });
    const look = setInterval(() => {
      const seen = lookAt(run.pid!);
      if (seen === null) return;
      peakMb = Math.max(peakMb, seen.peakMb);
      moments.push({ atMs: performance.now(), cpu: seen.cpu });
    }, 500);
    await new Promise((resolve) => run.once('close', resolve));
    clearInterval(look);
    // Begin and end are left out: finding and claiming agents, and the summary.
    const middle = moments.slice(Math.ceil(moments.length * 0.3), Math.floor(moments.length * 0.85));
    const [first, last] = [middle[0]!, middle.at(-1)!];
    const cores = (last.cpu - first.cpu) / ((last.atMs - first.atMs) / 1000);
    const expected = JSON.stringify([count * seconds * SAMPLES * 700, count * seconds * SAMPLES * 150]);
    return { cores, peakMb, isWhole: text.includes(`counted ${expected}`) };
  } finally {
    agents.kill('SIGKILL');
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of a process and all its threads: processor time in s, the most memory in MB. */
function lookAt(pid: number): { readonly cpu: number; readonly peakMb: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) / 100,
      peakMb: Number(/^VmHWM:\s*(\d+)/m.exec(status)![1]) / 1024,
    };
  } catch {
    return null;
  }
}

const [first = '10,30,100', ...rest] = process.argv.slice(2);
if (first === 'agents') {
  const [url, count, seconds] = rest as [string, string, string];
  await runAgents(url, Number(count), Number(seconds));
} else {
  const seconds = Number(rest[0] ?? 30);
  for (const count of first.split(',').map(Number)) {
    const { cores, peakMb, isWhole } = await measure(count, seconds);
    console.log(
      `${count} agents × ${SERIES} series × 1/s for ${seconds} s: ${cores.toFixed(3)} cores, ${Math.round(peakMb)} MB at most, ${isWhole ? 'every sample counted' : 'SAMPLES ARE MISSING'}`,
    );
  }
}
