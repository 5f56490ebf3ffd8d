// `p(95) < 200`: what a threshold demands of a metric.
import type { MetricType } from '../metric.ts';
import type { Sink } from '../sinks/sink.ts';
import { parsePercentile, trendStat } from '../sinks/trend-stat.ts';
import { ThresholdError } from './threshold-error.ts';

type Operator = '<' | '<=' | '>' | '>=' | '==' | '===' | '!=';

export interface ThresholdExpression {
  /** As the user wrote it. */
  readonly source: string;
  /** `count`, `rate`, `value`, `avg`, `min`, `max`, `med` or `p(N)`. */
  readonly aggregation: string;
  readonly operator: Operator;
  readonly limit: number;
}

const EXPRESSION = /^\s*([a-z]+(?:\s*\([^)]*\))?)\s*(<=|>=|===|==|!=|<|>)\s*(\S+)\s*$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A percentile as nearly everybody else writes it. */
const BARE_PERCENTILE = /^\s*p\s*(\d+(?:\.\d+)?)\s*[<>=!]/;
const PLAIN = ['count', 'rate', 'value', 'avg', 'min', 'max', 'med'];

/** By type of metric (k6 page "Thresholds"). */
const SUPPORTED: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'max', 'med', 'p(N)'],
};

/**
 * @param key that it stands under in the options, for the message
 * @throws ThresholdError that says which part of it cannot be read
 */
export function parseExpression(source: string, key?: string): ThresholdExpression {
  const malformed = (reason: string): ThresholdError => {
    const where = key === undefined ? '' : ` defined on ${key}`;
    return new ThresholdError(`malformed threshold expression "${source}"${where}; reason: ${reason}`);
  };
  const parts = EXPRESSION.exec(source);
  if (!parts) {
    const bare = BARE_PERCENTILE.exec(source);
    if (bare) throw malformed(`a percentile is written p(${bare[1]})`);
    throw malformed(
      'it is not of the form "aggregation operator number", as in "p(95)<200"; the operators are <, <=, >, >=, ==, === and !=',
    );
  }
  const aggregation = parts[1].replace(/\s*([()])\s*/g, '$1');
  if (!PLAIN.includes(aggregation) && parsePercentile(aggregation) === undefined) {
    throw malformed(
      aggregation.startsWith('p(')
        ? `"${aggregation}" is not a percentile: N of p(N) is a number from 0 to 100`
        : `"${aggregation}" is not an aggregation method; there are ${PLAIN.join(', ')} and p(N)`,
    );
  }
  if (!NUMBER.test(parts[3])) throw malformed(`"${parts[3]}" is not a number`);
  return { source, aggregation, operator: parts[2] as Operator, limit: Number(parts[3]) };
}

/**
 * @param key that the threshold stands under in the options
 * @throws ThresholdError where a metric of that type has no such aggregation
 */
export function checkAggregation(expression: ThresholdExpression, key: string, metric: { type: MetricType }): void {
  const supported = SUPPORTED[metric.type];
  const name = parsePercentile(expression.aggregation) === undefined ? expression.aggregation : 'p(N)';
  if (supported.includes(name)) return;
  throw new ThresholdError(
    `invalid threshold "${expression.source}" defined on ${key}; reason: unsupported aggregation method ` +
      `${expression.aggregation} for metric of type ${metric.type}. Supported aggregation methods for this metric are: ` +
      supported.join(', '),
  );
}

/**
 * The value that an expression compares.
 *
 * @param durationMs how long the run has lasted
 * @returns 0 where there is no sample; undefined for the rate of a run without duration
 */
export function aggregate(expression: ThresholdExpression, sink: Sink, durationMs: number): number | undefined {
  switch (sink.type) {
    case 'counter':
      if (expression.aggregation === 'count') return sink.count;
      return durationMs > 0 ? sink.rate(durationMs) : undefined;
    case 'gauge':
      return sink.isEmpty ? 0 : sink.value;
    case 'rate':
      return sink.isEmpty ? 0 : sink.rate;
    case 'trend':
      return trendStat(expression.aggregation)?.(sink);
  }
}

/** Whether a value is as the threshold demands; `==` and `===` are the same, as in k6. */
export function holds(expression: ThresholdExpression, value: number): boolean {
  const { operator, limit } = expression;
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
    case '===':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}
