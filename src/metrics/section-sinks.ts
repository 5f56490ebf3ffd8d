// Metrics and checks by scenario and group, for the full summary.
import type { CheckTally } from './check-tally.ts';
import type { Metric } from './metric.ts';
import type { Sink } from './sinks/sink.ts';

/** The metrics and checks of one scenario, or of one group in it. */
export interface MetricSection {
  /** Empty: samples without a scenario tag. */
  readonly scenario: string;
  /** Group path; empty for the scenario as a whole. */
  readonly group: string;
  readonly metrics: Map<string, { readonly metric: Metric; readonly sink: Sink }>;
  /** Those of the group itself; for a scenario as a whole those outside of any group. */
  readonly checks: Map<string, CheckTally>;
}

export class SectionSinks {
  readonly #sections = new Map<string, MetricSection>();
  readonly #createSink: (metric: Metric) => Sink;

  constructor(createSink: (metric: Metric) => Sink) {
    this.#createSink = createSink;
  }

  /** The sinks of a series' scenario and, where it has one, of its group. */
  sinksFor(metric: Metric, scenario: string, group: string): Sink[] {
    const sinks = [this.#sink(metric, scenario, '')];
    if (group !== '') sinks.push(this.#sink(metric, scenario, group));
    return sinks;
  }

  checkOf(scenario: string, group: string, name: string): CheckTally {
    const { checks } = this.#section(scenario, group);
    let tally = checks.get(name);
    if (!tally) {
      tally = { name, passes: 0, fails: 0 };
      checks.set(name, tally);
    }
    return tally;
  }

  /** In the order in which they were first seen. */
  all(): MetricSection[] {
    return [...this.#sections.values()];
  }

  #section(scenario: string, group: string): MetricSection {
    const key = `${scenario}\n${group}`;
    let section = this.#sections.get(key);
    if (!section) {
      section = { scenario, group, metrics: new Map(), checks: new Map() };
      this.#sections.set(key, section);
    }
    return section;
  }

  #sink(metric: Metric, scenario: string, group: string): Sink {
    const section = this.#section(scenario, group);
    let entry = section.metrics.get(metric.name);
    if (!entry) {
      entry = { metric, sink: this.#createSink(metric) };
      section.metrics.set(metric.name, entry);
    }
    return entry.sink;
  }
}
