// The metrics that a thread knows, by name.
import type { Metric, MetricContains, MetricDescription, MetricType } from './metric.ts';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]{1,128}$/;

/** A metric that cannot be defined: a bad name, or a name that another kind of metric has. */
export class MetricDefinitionError extends Error {
  override readonly name = 'MetricDefinitionError';
}

/** Makes metrics of what describes them. */
export interface MetricDefiner {
  /** @throws MetricDefinitionError where the definition does not go with others */
  define(name: string, type: MetricType, contains?: MetricContains): Metric;
}

/** For who only passes samples on: takes each description as it is, whatever else has its name. */
export const AS_DESCRIBED: MetricDefiner = {
  define: (name, type, contains = 'default') => ({ id: NOT_DEFINED, name, type, contains }),
};

/** Instead of a metric's number: it is in no registry. */
export const NOT_DEFINED = -1;

export class MetricRegistry implements MetricDefiner {
  readonly #byName = new Map<string, Metric>();
  readonly #all: Metric[] = [];

  /**
   * Defines a metric; the same definition again gives the same metric.
   *
   * @throws MetricDefinitionError for a name that is none (k6 page "Create custom metrics"), or that is taken by a metric
   *   of another type or with other contents
   */
  define(name: string, type: MetricType, contains: MetricContains = 'default'): Metric {
    const known = this.#byName.get(name);
    if (known) {
      if (known.type !== type) {
        throw new MetricDefinitionError(
          `metric '${name}' already exists but with type ${known.type}, instead of ${type}`,
        );
      }
      if (known.contains !== contains) {
        throw new MetricDefinitionError(
          `metric '${name}' already exists but with a value type ${known.contains}, instead of ${contains}`,
        );
      }
      return known;
    }
    if (!NAME.test(name)) {
      throw new MetricDefinitionError(
        `invalid metric name '${name}': metric names must have 2 to 129 characters, only ASCII letters, numbers ` +
          'or underscores, and start with a letter or an underscore',
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

  /** In the order of definition: a metric's place is its id. */
  all(): readonly Metric[] {
    return this.#all;
  }

  /** Defines what another thread has defined. @throws MetricDefinitionError as {@link define} */
  defineAll(descriptions: Iterable<MetricDescription>): void {
    for (const { name, type, contains } of descriptions) this.define(name, type, contains);
  }
}
