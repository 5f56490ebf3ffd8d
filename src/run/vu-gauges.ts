// The gauges `vus` and `vus_max`, once a second while the scenarios run.
import type { RunCounts } from '../execution/load-host.ts';
import { registerBuiltIns } from '../metrics/built-in.ts';
import { MetricRegistry } from '../metrics/metric-registry.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import { SampleWriter } from '../metrics/sample-writer.ts';
import { TagSet } from '../metrics/tag-set.ts';

const PERIOD = 1000;

/**
 * Begins to measure.
 * @param tags the run's own
 * @param emit gets the samples, as from a worker of their own
 * @returns ends it
 */
export function measureVus(
  counts: RunCounts,
  tags: Readonly<Record<string, string>>,
  emit: (batch: SampleBatch) => void,
): () => void {
  const metrics = registerBuiltIns(new MetricRegistry());
  const writer = new SampleWriter(emit, 16);
  let tagSet = TagSet.EMPTY;
  for (const [key, value] of Object.entries(tags)) tagSet = tagSet.with(key, value);
  // Like k6, the first comes after a second: a run shorter than that has none.
  const timer = setInterval(() => {
    const now = performance.timeOrigin + performance.now();
    writer.add(metrics.vus, tagSet, counts.vusActive, now);
    writer.add(metrics.vus_max, tagSet, counts.vusInitialised, now);
    writer.flush();
  }, PERIOD);
  return () => clearInterval(timer);
}
