// Thresholds as options name them; what their expressions say is read by src/metrics.
import { formatDuration } from './duration.ts';
import type { JsonReader } from './json-reader.ts';
import { inJson, type ValueForm } from './value-forms.ts';

/** One expression of `options.thresholds`; its grammar is that of src/metrics. */
export interface ThresholdOption {
  readonly threshold: string;
  readonly abortOnFail: boolean;
  /** Ms of the run before which it does not abort. */
  readonly delayAbortEvalMs: number;
}

type Thresholds = Readonly<Record<string, readonly ThresholdOption[]>>;

/** By metric or submetric (`name{tag:value}`) exactly as written. */
export const THRESHOLDS: ValueForm<Thresholds> = inJson(readThresholds, showThresholds);

function readThresholds(reader: JsonReader): Thresholds {
  return reader.readMap((metric) => {
    // No list is an empty one: the key alone makes a submetric.
    if (metric.missing) return [];
    return metric.readList((item): ThresholdOption => {
      if (typeof item.value === 'string') return { threshold: item.value, abortOnFail: false, delayAbortEvalMs: 0 };
      if (typeof item.value !== 'object' || item.value === null)
        return item.fail('text such as "p(95)<200" or an object with "threshold"');
      item.ignoreOthers(['threshold', 'abortOnFail', 'delayAbortEval']);
      const abort = item.field('abortOnFail');
      const delay = item.field('delayAbortEval');
      return {
        threshold: item.field('threshold').readString(),
        abortOnFail: !abort.missing && abort.readBoolean(),
        delayAbortEvalMs: delay.missing ? 0 : delay.readDuration(),
      };
    });
  });
}

function showThresholds(thresholds: Thresholds): unknown {
  const show = ({ threshold, abortOnFail, delayAbortEvalMs }: ThresholdOption): unknown =>
    abortOnFail || delayAbortEvalMs > 0
      ? { threshold, abortOnFail, delayAbortEval: delayAbortEvalMs > 0 ? formatDuration(delayAbortEvalMs) : null }
      : threshold;
  return Object.fromEntries(Object.entries(thresholds).map(([metric, list]) => [metric, list.map(show)]));
}
