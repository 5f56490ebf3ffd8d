// What is measured: a metric has a name, a type and a unit.

export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';

/** The unit of a metric's values: plain numbers, milliseconds or bytes. */
export type MetricContains = 'default' | 'time' | 'data';

export interface Metric {
  /** Index within its registry. */
  readonly id: number;
  readonly name: string;
  readonly type: MetricType;
  readonly contains: MetricContains;
}
