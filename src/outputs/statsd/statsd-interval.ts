// What came in between two pushes, per series: StatsD adds up itself, so each push tells of its interval alone. UDP loses what comes too
// fast; so counts are summed and of a trend's values a sample is sent that says how many it stands for.
import type { MetricDescription } from '../../metrics/metric.ts';
import type { Series } from '../../metrics/series-table.ts';
import { formatDecimal } from '../decimal-text.ts';

/** Values of a trend's series that a push sends. */
const MOST_VALUES = 100;

/** One line of a datagram, and the samples that it stands for. */
export interface StatsdLine {
  readonly text: string;
  readonly samples: number;
}

/** What takes in the samples of a series and tells of them once. */
export interface IntervalSink {
  /** @param time of the sample: batches of several threads do not come in order */
  add(value: number, time: number): void;
  /** The lines for what came since the last time. */
  take(): StatsdLine[];
}

/** Without what ends a name, a value or a line. */
function clean(text: string): string {
  return text.replace(/[:|@#,\r\n]+/g, '_');
}

/** @returns `|#key:value,…`, or '' */
export function formatTags(tags: Series['tags'], blocklist: readonly string[]): string {
  const kept = tags.filter(([key, value]) => key !== '' && value !== '' && !blocklist.includes(key));
  return kept.length === 0 ? '' : `|#${kept.map(([key, value]) => `${clean(key)}:${clean(value)}`).join(',')}`;
}

/** @param tail of each line: its tags */
export function createIntervalSink(
  metric: MetricDescription,
  namespace: string,
  tags: Series['tags'],
  tail: string,
): IntervalSink {
  const name = `${namespace}${clean(metric.name)}`;
  const check = tags.find(([key]) => key === 'check')?.[1];
  switch (metric.type) {
    case 'counter':
      return new CountSink(name, tail);
    case 'gauge':
      return new LastSink(name, tail);
    case 'rate':
      return metric.name === 'checks' && check !== undefined
        ? new OutcomeSink(`${namespace}check.${clean(check)}.pass`, `${namespace}check.${clean(check)}.fail`, tail)
        : new OutcomeSink(name, `${name}.zero`, tail);
    case 'trend':
      return new SampleSink(name, tail);
  }
}

class CountSink implements IntervalSink {
  readonly #name: string;
  readonly #tail: string;
  #sum = 0;
  #samples = 0;

  constructor(name: string, tail: string) {
    this.#name = name;
    this.#tail = tail;
  }

  add(value: number): void {
    this.#sum += value;
    this.#samples++;
  }

  take(): StatsdLine[] {
    if (this.#samples === 0) return [];
    const line = { text: `${this.#name}:${formatDecimal(this.#sum)}|c${this.#tail}`, samples: this.#samples };
    this.#sum = 0;
    this.#samples = 0;
    return [line];
  }
}

class LastSink implements IntervalSink {
  readonly #name: string;
  readonly #tail: string;
  #value = 0;
  #time = Number.NEGATIVE_INFINITY;
  #samples = 0;

  constructor(name: string, tail: string) {
    this.#name = name;
    this.#tail = tail;
  }

  add(value: number, time: number): void {
    this.#samples++;
    if (time < this.#time) return;
    this.#value = value;
    this.#time = time;
  }

  take(): StatsdLine[] {
    if (this.#samples === 0) return [];
    const line = { text: `${this.#name}:${formatDecimal(this.#value)}|g${this.#tail}`, samples: this.#samples };
    this.#samples = 0;
    // A sign means a difference: a negative value is reached from zero.
    return this.#value < 0 ? [{ text: `${this.#name}:0|g${this.#tail}`, samples: 0 }, line] : [line];
  }
}

class OutcomeSink implements IntervalSink {
  readonly #nonzero: CountSink;
  readonly #zero: CountSink;

  constructor(nonzero: string, zero: string, tail: string) {
    this.#nonzero = new CountSink(nonzero, tail);
    this.#zero = new CountSink(zero, tail);
  }

  add(value: number): void {
    (value === 0 ? this.#zero : this.#nonzero).add(1);
  }

  take(): StatsdLine[] {
    return [...this.#nonzero.take(), ...this.#zero.take()];
  }
}

class SampleSink implements IntervalSink {
  readonly #name: string;
  readonly #tail: string;
  #values: number[] = [];
  #samples = 0;

  constructor(name: string, tail: string) {
    this.#name = name;
    this.#tail = tail;
  }

  /** Each value has the same chance to be among those that are kept. */
  add(value: number): void {
    this.#samples++;
    if (this.#values.length < MOST_VALUES) {
      this.#values.push(value);
      return;
    }
    const place = Math.floor(Math.random() * this.#samples);
    if (place < MOST_VALUES) this.#values[place] = value;
  }

  take(): StatsdLine[] {
    const { length } = this.#values;
    if (length === 0) return [];
    const rate = length / this.#samples;
    const tail = rate === 1 ? this.#tail : `|@${formatDecimal(rate)}${this.#tail}`;
    const lines = this.#values.map((value) => ({
      text: `${this.#name}:${formatDecimal(value)}|ms${tail}`,
      samples: this.#samples / length,
    }));
    this.#values = [];
    this.#samples = 0;
    return lines;
  }
}
