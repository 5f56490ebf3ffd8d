// What a metric is: a name, how its samples add up, and the unit of its values.

/** How the samples of a metric add up to what is reported of it. */
export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

/** What the values are: `time` in milliseconds, `data` in bytes. */
export type MetricContains = 'default' | 'time' | 'data';

/** A metric as data: what travels between threads. */
export interface MetricDescription {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: MetricContains;
}

export interface Metric extends MetricDescription {
  /** Counts from 0 within its registry. */
  readonly id: number;
}
