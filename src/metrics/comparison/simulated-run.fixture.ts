// Runs as they come out of load tests, by chance: requests depend on each other, the level drifts, servers stall, runs differ.
import { COARSE_COUNT, COARSE_SHIFT, stepOf } from '../timeline/latency-scale.ts';
import type { RowDescription } from '../timeline/live-row.ts';
import { mapColumns, type SliceCounts, type TimelineRow } from '../timeline/timeline-data.ts';
import type { ComparableRun } from './compare-runs.ts';

export interface Weather {
  /** The level wanders by this much (standard deviation of its logarithm) within so many seconds. */
  readonly drift: number;
  readonly memoryS: number;
  /** Stalls a minute, each of up to a second, in which everything waits. */
  readonly stalls: number;
  /** By how much whole runs differ, as `drift` does. */
  readonly betweenRuns: number;
  /** Share of requests that take the slow path, and how much longer that is; the share wanders with the drift. */
  readonly slowShare: number;
  readonly slowFactor: number;
  /** By how much the level rises from beginning to end: caches that fill, memory that leaks. */
  readonly trend: number;
}

export const FAIR: Weather = {
  drift: 0,
  memoryS: 10,
  stalls: 0,
  betweenRuns: 0,
  slowShare: 0,
  slowFactor: 1,
  trend: 0,
};

export interface SimulationOptions {
  readonly seconds: number;
  readonly perSecond: number;
  readonly endpoints: number;
  /** Of all requests. */
  readonly failing: number;
  /** Of all latencies, and those of one endpoint. */
  readonly slowdown: number;
  readonly slowEndpoint: { readonly place: number; readonly factor: number } | null;
}

const CELL_MS = 1000;

/** Random numbers that are the same each time (xorshift128+, in 32 bits). */
export function seeded(seed: number): () => number {
  let [a, b, c, d] = [seed | 1, 0x9e3779b9, 0x243f6a88, 0xb7e15162];
  const next = (): number => {
    const t = a ^ (a << 11);
    [a, b, c] = [b, c, d];
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    return (d >>> 0) / 2 ** 32;
  };
  for (let warm = 0; warm < 20; warm++) next();
  return next;
}

export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function simulateRun(random: () => number, weather: Weather, options: SimulationOptions): ComparableRun {
  const { seconds, perSecond, endpoints, failing, slowdown, slowEndpoint } = options;
  const rows: RowDescription[] = [
    { kind: 'protocol', protocol: 'http', method: '', name: '' },
    ...Array.from({ length: endpoints }, (_, place): RowDescription => {
      return { kind: 'endpoint', protocol: 'http', method: 'GET', name: `/${place}` };
    }),
  ];
  let sliceCells = 1;
  while (seconds / sliceCells > 120) sliceCells *= 2;
  const slices = Math.ceil(seconds / sliceCells);
  const open = rows.map(() => Array.from({ length: slices }, () => new Uint32Array(COARSE_COUNT)));
  const count = rows.map(() => new Uint32Array(seconds));
  const failed = rows.map(() => new Uint32Array(seconds));
  const ofRun = normal(random) * weather.betweenRuns;
  const memory = Math.exp(-1 / weather.memoryS);
  let level = normal(random);
  let stallEnds = 0;
  for (let second = 0; second < seconds; second++) {
    level = level * memory + normal(random) * Math.sqrt(1 - memory ** 2);
    const scale = 20 * slowdown * Math.exp(ofRun + level * weather.drift + (weather.trend * second) / seconds);
    const slowShare = weather.slowShare * Math.exp(level * 0.3);
    // Failures come in bursts, as they do when a server is in trouble.
    const failShare = failing * Math.exp(level - 0.5);
    if (random() < weather.stalls / 60) stallEnds = second + random();
    for (let index = 0; index < perSecond; index++) {
      const at = second + index / perSecond;
      const place = 1 + Math.floor(random() * endpoints);
      let ms = scale * Math.exp(normal(random) * 0.45);
      if (random() < slowShare) ms *= weather.slowFactor;
      if (slowEndpoint?.place === place - 1) ms *= slowEndpoint.factor;
      if (at < stallEnds) ms += (stallEnds - at) * 1000;
      const hasFailed = random() < failShare;
      for (const row of [0, place]) {
        count[row][second]++;
        if (hasFailed) failed[row][second]++;
        open[row][Math.floor(second / sliceCells)][stepOf(ms) >> COARSE_SHIFT]++;
      }
    }
  }
  const none = new Uint16Array(seconds);
  const steady = new Uint32Array(seconds).fill(perSecond);
  return {
    rows,
    metrics: [],
    data: {
      startMs: 0,
      cellMs: CELL_MS,
      cells: seconds,
      sliceCells,
      columns: mapColumns((name) => (name === 'vus' || name === 'iterations' ? steady : none)),
      codes: [],
      rows: rows.map(
        (_, row): TimelineRow => ({
          count: count[row],
          failed: failed[row],
          p50: none,
          p95: none,
          p99: none,
          slices: open[row].map(trim),
        }),
      ),
    },
  };
}

function trim(counts: Uint32Array): SliceCounts | null {
  const low = counts.findIndex((value) => value > 0);
  return low < 0 ? null : { low, counts: counts.slice(low, counts.findLastIndex((value) => value > 0) + 1) };
}
