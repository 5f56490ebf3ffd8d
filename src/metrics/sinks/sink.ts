// What a metric's samples are folded into.
import type { MetricType } from '../metric.ts';
import { CounterSink } from './counter-sink.ts';
import { GaugeSink } from './gauge-sink.ts';
import { RateSink } from './rate-sink.ts';
import type { SeriesDelta } from './series-delta.ts';
import { TrendSink } from './trend-sink.ts';

/** Whatever takes in the samples of a series one by one. */
export interface SampleReceiver {
  /** @param time milliseconds since the epoch */
  add(value: number, time: number): void;
}

/** Takes in the samples of a series one by one, or many in one piece: the outcome is the same. */
export interface SeriesReceiver extends SampleReceiver {
  /** @param timeMs when the samples were taken, about, in ms since the epoch */
  mergeDelta(delta: SeriesDelta, timeMs: number): void;
  /**
   * As `add`, for samples that come one after the other; without it they are added one by one.
   * @param from the first of them, @param to what stands behind the last
   */
  addMany?(values: Float64Array, times: Float64Array, from: number, to: number): void;
}

export type Sink = CounterSink | GaugeSink | RateSink | TrendSink;

export function createSink(type: MetricType): Sink {
  switch (type) {
    case 'counter':
      return new CounterSink();
    case 'gauge':
      return new GaugeSink();
    case 'rate':
      return new RateSink();
    case 'trend':
      return new TrendSink();
  }
}
