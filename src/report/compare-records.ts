// Compares a run with earlier ones as they are kept, and says first what makes such a comparison doubtful.
import { compareRuns } from '../metrics/comparison/compare-runs.ts';
import type { Comparison } from '../metrics/comparison/comparison.ts';
import type { TimelineData } from '../metrics/timeline/timeline-data.ts';
import type { ComparisonRecord } from './comparison-record.ts';
import { listNames } from './comparison-words.ts';
import type { RunRecord } from './run-record.ts';

/** A run with its timeline, of whose rows the record tells. */
export interface KeptRun {
  readonly record: RunRecord;
  readonly data: TimelineData;
}

/** A load that is so much more or less is another one. */
const OTHER_LOAD = 0.05;

/**
 * @param earlier at least one
 * @param baseline how they were chosen, as the user says it
 */
export function compareRecords(run: KeptRun, earlier: readonly KeptRun[], baseline: string): ComparisonRecord {
  const [comparable, ...others] = [run, ...earlier].map(({ record, data }) => ({
    data,
    rows: record.timeline.rows,
    metrics: record.metrics,
  }));
  const comparison = compareRuns(comparable, others);
  const records = earlier.map(({ record }) => record);
  return {
    ...comparison,
    baseline,
    earlier: records.map(({ id, script, startedAtMs }) => ({ id, script, startedAtMs })),
    notes: [
      ...describeOrigin(run.record, records),
      ...describeLoads(comparison),
      ...describeEndpoints(comparison),
      ...describeGenerators([run.record, ...records]),
    ],
  };
}

function describeOrigin(record: RunRecord, earlier: readonly RunRecord[]): string[] {
  const notes: string[] = [];
  if (earlier.some(({ fingerprint }) => fingerprint !== record.fingerprint))
    notes.push('The script or its options are not the same.');
  const machines = new Set(earlier.map(({ host }) => machineOf(host)));
  machines.delete(machineOf(record.host));
  if (machines.size > 0)
    notes.push(`Another machine made the load: ${machineOf(record.host)} now, ${[...machines].join(', ')} before.`);
  const versions = new Set(earlier.map(({ version }) => version));
  versions.delete(record.version);
  if (versions.size > 0) notes.push(`Sixfold is ${record.version} now, and was ${[...versions].join(', ')} before.`);
  return notes;
}

function machineOf({ name, cores }: RunRecord['host']): string {
  return `${name} (${cores} ${cores === 1 ? 'core' : 'cores'})`;
}

function describeLoads({ stretch, loads }: Comparison): string[] {
  if (stretch === null)
    return ['The runs have no stretch of the same steady load in common, so that nothing of it can be compared.'];
  return loads
    .filter(({ before, after }) => Math.abs(after / before - 1) > OTHER_LOAD)
    .map(
      ({ protocol, before, after }) =>
        `The load is not the same: ${formatRate(after)} ${protocol} requests a second now, ${formatRate(before)} before.`,
    );
}

function formatRate(perSecond: number): string {
  return perSecond >= 100 ? Math.round(perSecond).toLocaleString('en-US') : perSecond.toPrecision(3);
}

function describeEndpoints({ appeared, vanished }: Comparison): string[] {
  return [
    ...(appeared.length > 0 ? [`New, and compared with nothing: ${listNames(appeared)}.`] : []),
    ...(vanished.length > 0 ? [`No longer there: ${listNames(vanished)}.`] : []),
  ];
}

function describeGenerators(records: readonly RunRecord[]): string[] {
  return records.some(({ generator }) => generator.isBottleneck)
    ? ['In one of the runs the load generator was too busy: its latencies are partly its own.']
    : [];
}
