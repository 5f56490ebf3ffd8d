// What a reader of the results must know before any number: where a test did less than it seems.
import type { ComputingPlace, GeneratorHealth } from '../execution/generator-health.ts';
import type { ObservedMetric } from '../metrics/metrics-engine.ts';
import { formatPercent } from './value-format.ts';

export interface Concern {
  readonly kind:
    | 'failed-iterations'
    | 'no-iterations'
    | 'missed-rate'
    | 'computing'
    | 'unjudged-threshold'
    | 'lost-load'
    | 'lost-samples'
    | 'setting-without-effect';
  /** A sentence, and lines that belong to it. */
  readonly text: string;
  /** Whether the test did not do what it was there for: `--strict` makes an exit code of it. */
  readonly isGrave: boolean;
}

/** Iterations of a run by how they ended. */
export interface IterationOutcomes {
  /** Those that ran to their end, failed or not. */
  readonly completed: number;
  readonly interrupted: number;
  /** Those that an exception ended. */
  readonly failed: number;
  /** The first exception's text with its position, or null. */
  readonly firstFailure: string | null;
}

/** @returns at most one concern about the iterations. @param wasCutShort whether the exit code says already why there are none */
export function judgeIterations(
  { completed, interrupted, failed, firstFailure }: IterationOutcomes,
  wasCutShort: boolean,
): Concern[] {
  if (failed > 0) {
    const all = failed >= completed;
    const what = all
      ? `every iteration failed (${failed} of ${completed}): what stands below tells nothing of a test that worked`
      : `${failed} of ${completed} iterations failed (${formatPercent(failed, completed)})`;
    const first = firstFailure === null ? '' : `\nfirst: ${firstFailure}`;
    return [{ kind: 'failed-iterations', text: what + first, isGrave: all }];
  }
  if (completed > 0 || wasCutShort) return [];
  const text = `no iteration ran to its end${interrupted > 0 ? `, ${interrupted} were interrupted` : ''}`;
  return [{ kind: 'no-iterations', text, isGrave: true }];
}

/** Places that are named. */
const MOST_PLACES = 3;

/**
 * Code of the script that computed for so long at a time that the other virtual users of its thread had to wait.
 * @param health of each worker
 * @param cores that the machine has
 * @returns at most one concern
 */
export function judgeComputing(health: readonly GeneratorHealth[], cores: number): Concern[] {
  const places = new Map<string, ComputingPlace>();
  for (const place of health.flatMap(({ computing = [] }) => computing)) {
    const key = `${place.file}:${place.line} ${place.scenario ?? ''}`;
    const known = places.get(key);
    places.set(key, {
      ...place,
      times: place.times + (known?.times ?? 0),
      longestMs: Math.max(place.longestMs, known?.longestMs ?? 0),
    });
  }
  const sorted = [...places.values()].sort((a, b) => b.longestMs - a.longestMs);
  const [worst] = sorted;
  if (worst === undefined) return [];
  const remedy =
    health.length < cores
      ? `it ran on ${health.length} of ${cores} cores: use more with --workers, or compute less in the script`
      : 'compute less in the script, or divide the test over more machines';
  const lines = sorted.slice(0, MOST_PLACES).map(({ functionName, file, line, scenario, times, longestMs }) => {
    const where = `${file.replace(/^file:\/\//, '')}:${line}`;
    const whose = scenario === null ? '' : `, scenario ${scenario}`;
    return `${functionName === '' ? where : `${functionName} (${where})`}${whose}: up to ${Math.round(longestMs)} ms, seen ${times} ${times === 1 ? 'time' : 'times'}`;
  });
  const text = `the script computes for up to ${Math.round(worst.longestMs)} ms at a time, in which the other virtual users of the thread wait and measure too much; ${remedy}`;
  return [{ kind: 'computing', text: [text, ...lines].join('\n'), isGrave: false }];
}

/**
 * Thresholds that held because there was nothing to judge. A counter that nobody counted is truly 0, and a threshold that is
 * crossed ends the test with a code anyway: neither is a concern.
 */
export function judgeThresholds(metrics: readonly ObservedMetric[]): Concern[] {
  return metrics
    .filter(({ sink, thresholds }) => thresholds.length > 0 && sink.isEmpty && sink.type !== 'counter')
    .filter(({ thresholds }) => thresholds.every(({ ok }) => ok))
    .map(({ key, thresholds }) => {
      const sources = thresholds.map(({ source }) => `'${source.trim()}'`).join(', ');
      const text = `the threshold ${sources} on ${key} holds only because ${key} never had a sample`;
      return { kind: 'unjudged-threshold', text, isGrave: true };
    });
}
