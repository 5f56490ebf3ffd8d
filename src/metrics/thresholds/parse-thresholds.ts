// `options.thresholds` made ready to be judged: read, and checked against the metrics that there are.
import { nearestNames } from '../../codes/nearest-names.ts';
import type { MetricDescription } from '../metric.ts';
import type { MetricRegistry } from '../metric-registry.ts';
import { type MetricSelector, parseSelector, SelectorError } from '../submetric.ts';
import { ThresholdError } from './threshold-error.ts';
import { checkAggregation, parseExpression, type ThresholdExpression } from './threshold-expression.ts';

/** One expression as the options hold it. */
export interface ThresholdDefinition {
  readonly threshold: string;
  readonly abortOnFail: boolean;
  /** Milliseconds of the run before which it does not abort. */
  readonly delayAbortEvalMs: number;
}

export interface ParsedThreshold extends ThresholdExpression {
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
}

/** All thresholds of one metric or submetric. */
export interface MetricThresholds {
  /** The key in the options, literally. */
  readonly key: string;
  readonly selector: MetricSelector;
  readonly metric: MetricDescription;
  readonly thresholds: readonly ParsedThreshold[];
}

export type ThresholdOptions = Readonly<Record<string, readonly ThresholdDefinition[]>>;

/** Reads a key of `options.thresholds`. @throws ThresholdError */
function readSelector(key: string): MetricSelector {
  try {
    return parseSelector(key);
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    throw new ThresholdError(`invalid threshold defined on ${key}; reason: ${error.message}`, { cause: error });
  }
}

/**
 * Reads thresholds, once the init code has defined its metrics.
 *
 * @throws ThresholdError (exit code 104) for an expression that cannot be read, an aggregation that the metric's type does
 *   not have, and a metric that does not exist
 */
export function parseThresholds(options: ThresholdOptions, registry: MetricRegistry): MetricThresholds[] {
  return Object.entries(options).map(([key, definitions]) => {
    const thresholds = definitions.map(({ threshold, abortOnFail, delayAbortEvalMs }) => ({
      ...parseExpression(threshold, key),
      abortOnFail,
      delayAbortEvalMs,
    }));
    const selector = readSelector(key);
    const metric = registry.get(selector.metric);
    if (!metric) {
      const [near] = nearestNames(
        selector.metric,
        registry.all().map(({ name }) => name),
        1,
      );
      throw new ThresholdError(
        `invalid threshold defined on ${key}; reason: no metric name "${selector.metric}" found: it is not built in, and the ` +
          `script does not define it in its init code${near === undefined ? '' : ` (did you mean "${near}"?)`}`,
      );
    }
    for (const threshold of thresholds) checkAggregation(threshold, key, metric);
    return { key, selector, metric, thresholds };
  });
}

/** Words of warning: selectors that can never match. */
export function doubtfulSelectors(parsed: readonly MetricThresholds[]): string[] {
  return parsed.flatMap(({ key, selector }) =>
    selector.tags
      .filter(([tag]) => tag === 'vu' || tag === 'iter')
      .map(
        ([tag]) =>
          `The threshold on "${key}" selects by "${tag}", which is metadata of samples and not a tag: it will match nothing.`,
      ),
  );
}
