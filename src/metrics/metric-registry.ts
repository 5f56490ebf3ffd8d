// The metrics of a thread, by name.
import type { Metric, MetricContains, MetricType } from './metric.ts';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/;

export class MetricRegistry {
  readonly #byName = new Map<string, Metric>();
  readonly #all: Metric[] = [];

  /**
   * Defines a metric; the same definition again gives the same metric.
   * @throws Error for a name that k6 does not take (2 to 129 letters, digits and underscores, no digit first) and for a
   *   name that stands for something else already
   */
  define(name: string, type: MetricType, contains: MetricContains = 'default'): Metric {
    const known = this.#byName.get(name);
    if (known) {
      if (known.type !== type) {
        throw new Error(`metric '${name}' already exists but with type ${known.type}, instead of ${type}`);
      }
      if (known.contains !== contains) {
        throw new Error(
          `metric '${name}' already exists but with a value type ${known.contains}, instead of ${contains}`,
        );
      }
      return known;
    }
    if (!NAME.test(name)) {
      throw new Error(
        `invalid metric name: '${name}'; it must start with a letter or an underscore and have 2 to 129 letters, digits and underscores`,
      );
    }
    const metric: Metric = { id: this.#all.length, name, type, contains };
    this.#byName.set(name, metric);
    this.#all.push(metric);
    return metric;
  }

  get(name: string): Metric | undefined {
    return this.#byName.get(name);
  }

  /** In the order of their definition. */
  all(): readonly Metric[] {
    return this.#all;
  }
}
