// For tests: an engine that is fed as by a worker, through a writer and batches.
import { type BuiltInMetrics, registerBuiltIns, registerFailedIterations } from './built-in.ts';
import type { Metric } from './metric.ts';
import { MetricRegistry } from './metric-registry.ts';
import { MetricsEngine, type MetricsEngineOptions } from './metrics-engine.ts';
import type { SampleBatch } from './sample-batch.ts';
import { SampleWriter } from './sample-writer.ts';
import { TagSet } from './tag-set.ts';

/** Tags of an object, in its order. */
export function tagSet(tags: Readonly<Record<string, string>>): TagSet {
  return Object.entries(tags).reduce((set, [key, value]) => set.with(key, value), TagSet.EMPTY);
}

export interface EngineFixture {
  readonly engine: MetricsEngine;
  readonly metrics: BuiltInMetrics;
  readonly failedIterations: Metric;
  /** Adds values to a metric, all with the same tags, and hands them over. */
  feed(metric: Metric, values: readonly number[], tags?: Readonly<Record<string, string>>): void;
  /** What has been handed over. */
  readonly batches: SampleBatch[];
}

/** @param define defines the metrics of the script, before thresholds are read */
export function createEngine(
  options: Omit<MetricsEngineOptions, 'registry'> = {},
  define: (registry: MetricRegistry) => void = () => {},
): EngineFixture {
  const registry = new MetricRegistry();
  const metrics = registerBuiltIns(registry);
  define(registry);
  const failedIterations = registerFailedIterations(registry)!;
  const engine = new MetricsEngine({ ...options, registry, failedIterations });
  const batches: SampleBatch[] = [];
  const writer = new SampleWriter((batch) => {
    batches.push(batch);
    engine.ingest(batch);
  });
  let time = Date.UTC(2026, 0, 1);
  return {
    engine,
    metrics,
    failedIterations,
    batches,
    feed: (metric, values, tags = {}) => {
      for (const value of values) writer.add(metric, tagSet(tags), value, time++);
      writer.flush();
    },
  };
}
