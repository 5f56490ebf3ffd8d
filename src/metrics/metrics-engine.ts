// Where the samples of all threads come together: sinks per metric and submetric, checks, failures and thresholds.
import { type CheckTally, createGroup, findCheck, findGroup, type GroupNode } from './check-tally.ts';
import { type FailureCount, FailureTally } from './failure-tally.ts';
import type { Metric } from './metric.ts';
import {
  AS_DESCRIBED,
  type MetricDefiner,
  MetricDefinitionError,
  type MetricRegistry,
  NOT_DEFINED,
} from './metric-registry.ts';
import type { SampleReport } from './reports/sample-report.ts';
import type { SampleBatch } from './sample-batch.ts';
import { SampleRuns } from './sample-runs.ts';
import { type MetricSection, SectionSinks } from './section-sinks.ts';
import { type Series, SeriesTable, tagOf } from './series-table.ts';
import { passesOfDelta } from './sinks/series-delta.ts';
import { ShareSink } from './sinks/share-sink.ts';
import { createSink, type SeriesReceiver, type Sink } from './sinks/sink.ts';
import type { MetricSelector } from './submetric.ts';
import {
  doubtfulSelectors,
  type MetricThresholds,
  parseThresholds,
  type ThresholdDefinition,
  type ThresholdOptions,
} from './thresholds/parse-thresholds.ts';
import { ThresholdJudge, type ThresholdVerdict } from './thresholds/threshold-judge.ts';

export interface MetricsEngineOptions {
  readonly registry: MetricRegistry;
  /** As in the consolidated options; none where thresholds are switched off. */
  readonly thresholds?: ThresholdOptions;
  /** System tags that are on: `expected_response` among them makes a submetric of the request durations. */
  readonly systemTags?: Iterable<string>;
  /** Whether metrics are also kept per scenario and group, for the full summary. */
  readonly sections?: boolean;
  /** Failures of each code that are kept whole; none unless given. */
  readonly failureSamples?: number;
  readonly onWarning?: (message: string) => void;
  /**
   * Hears that a thread has made a metric another kind of which is known: its samples count nowhere. Without it they are an error of whoever
   * hands them in.
   */
  readonly onConflict?: (error: MetricDefinitionError) => void;
  /** What counts the iterations that failed; its whole are the samples of `iterations`. */
  readonly failedIterations?: Metric | null;
  /** Others who want the samples of a series: asked once for each. */
  readonly receiversFor?: (metric: string, tags: Series['tags']) => readonly SeriesReceiver[];
}

/** A metric or submetric with what is known of it. */
export interface ObservedMetric {
  readonly metric: Metric;
  /** The metric's name, or the literal key of a threshold that selects by tags. */
  readonly key: string;
  readonly selector: MetricSelector;
  readonly sink: Sink;
  /** In the order of the options; empty: none. */
  readonly thresholds: readonly ThresholdVerdict[];
}

/** Outcome of looking at all thresholds. */
export interface Evaluation {
  /** Keys of the metrics whose thresholds are crossed. */
  readonly crossed: readonly string[];
  /** Whether the run is to be stopped for it. */
  readonly abort: boolean;
}

interface Observed {
  metric: Metric;
  key: string;
  selector: MetricSelector;
  sink: Sink;
}

const EXPECTED_RESPONSES: MetricSelector = { metric: 'http_req_duration', tags: [['expected_response', 'true']] };
const EXPECTED_RESPONSES_KEY = 'http_req_duration{expected_response:true}';

export class MetricsEngine {
  readonly registry: MetricRegistry;
  /** For the outputs, which read the same batches. */
  readonly series: SeriesTable<SeriesReceiver>;
  /** Checks by group, over all scenarios. */
  readonly rootGroup: GroupNode = createGroup('', '');
  readonly #metrics = new Map<string, Observed>();
  readonly #submetrics = new Map<string, Observed[]>();
  /** Keys that the thresholds name, and the metrics of those that are submetrics: shown without samples too. */
  readonly #named = new Set<string>();
  readonly #judge: ThresholdJudge;
  readonly #sections: SectionSinks | null;
  readonly #failures: FailureTally;
  readonly #runs = new SampleRuns();
  readonly #failedIterations: Metric | null;
  /** Checks by name, whatever their group. */
  readonly #checks = new Map<string, CheckTally>();

  /** @throws ThresholdError for thresholds that do not make sense; so create it once all metrics are defined */
  constructor(options: MetricsEngineOptions) {
    this.registry = options.registry;
    this.#failures = new FailureTally(options.failureSamples);
    this.#failedIterations = options.failedIterations ?? null;
    if (this.#failedIterations !== null) this.#observe(this.#failedIterations.name, wholeOf(this.#failedIterations));
    const thresholds = parseThresholds(options.thresholds ?? {}, options.registry);
    for (const warning of doubtfulSelectors(thresholds)) options.onWarning?.(warning);
    this.#observeThresholds(thresholds, new Set(options.systemTags ?? []));
    this.#judge = new ThresholdJudge(thresholds, (key) => this.#metrics.get(key)!.sink);
    this.#sections = options.sections ? new SectionSinks((metric) => this.#createSink(metric)) : null;
    this.series = new SeriesTable({
      registry: options.onConflict === undefined ? options.registry : tolerant(options.registry, options.onConflict),
      onWarning: options.onWarning,
      findReceivers: ({ metric, tags }) => {
        if (metric.id === NOT_DEFINED) return [];
        const receivers = this.#findReceivers(metric, tags);
        const others = options.receiversFor?.(metric.name, tags) ?? [];
        return others.length > 0 ? [...receivers, ...others] : receivers;
      },
    });
  }

  /**
   * Folds a batch in.
   *
   * @param source number of the thread that it comes from: threads number their series each for themselves
   */
  ingest(batch: SampleBatch, source = 0): void {
    this.series.absorb(batch, source);
    for (const note of batch.notes ?? []) this.#failures.note(note);
    const series = this.series.of(source);
    const runs = this.#runs;
    for (let next = 0; next < batch.count; ) {
      next = runs.take(batch, next);
      let from = 0;
      for (let run = 0; run < runs.count; run++) {
        const to = runs.ends[run];
        for (const receiver of series[runs.ids[run]].receivers) addRun(receiver, runs, from, to);
        from = to;
      }
    }
  }

  /**
   * Folds in what somebody else has folded already.
   *
   * @param source number of who it comes from, as for {@link ingest}
   */
  ingestReport(report: SampleReport, source: number): void {
    this.series.absorb(report, source);
    for (const note of report.notes) this.#failures.note(note);
    const series = this.series.of(source);
    for (const { id, delta } of report.deltas)
      for (const receiver of series[id].receivers) receiver.mergeDelta(delta, report.timeMs);
  }

  /**
   * Looks at all thresholds.
   *
   * @param elapsedMs how long the run has lasted
   * @param final whether it is over: before, a metric without samples is not judged
   */
  evaluate(elapsedMs: number, final: boolean): Evaluation {
    return this.#judge.evaluate(elapsedMs, final);
  }

  /**
   * Metrics that have samples or thresholds, be it on a submetric, sorted by name, each followed by its submetrics.
   */
  observed(): ObservedMetric[] {
    const verdicts = this.#judge.verdicts();
    return [...this.#metrics.values()]
      .map((entry) => ({ ...entry, thresholds: verdicts.get(entry.key) ?? [] }))
      .filter(({ key, sink }) => !isSilent(sink) || this.#named.has(key))
      .sort((a, b) => compare(a.metric.name, b.metric.name) || compareKeys(a, b));
  }

  /** A metric or submetric by its key, samples or not. */
  find(key: string): ObservedMetric | undefined {
    const entry = this.#metrics.get(key);
    return entry && { ...entry, thresholds: this.#judge.verdicts().get(key) ?? [] };
  }

  /** The definitions of a metric's own thresholds (not of its submetrics). */
  thresholdsOf(name: string): readonly ThresholdDefinition[] {
    return this.#judge.definitions(name);
  }

  /** What selects a part of a metric's samples by tags. */
  submetricsOf(name: string): readonly Pick<ObservedMetric, 'key' | 'selector'>[] {
    return this.#submetrics.get(name) ?? [];
  }

  /** Whether any threshold is defined. */
  get hasThresholds(): boolean {
    return this.#judge.isEmpty === false;
  }

  /** Whether `iterations_failed` is ours, and no metric of the script's own. */
  get countsFailedIterations(): boolean {
    return this.#failedIterations !== null;
  }

  /** Checks by name over all groups, in the order in which they were first seen. */
  checks(): readonly CheckTally[] {
    return [...this.#checks.values()];
  }

  /** The most frequent first. */
  failures(): FailureCount[] {
    return this.#failures.list();
  }

  /** Metrics per scenario and group; empty where they are not kept. */
  sections(): MetricSection[] {
    return (this.#sections?.all() ?? []).map((section) => ({
      ...section,
      metrics: new Map([...section.metrics].filter(([, { sink }]) => !isSilent(sink))),
    }));
  }

  #observeThresholds(thresholds: readonly MetricThresholds[], systemTags: ReadonlySet<string>): void {
    for (const { key, selector } of thresholds) {
      this.#observe(key, selector);
      this.#named.add(key);
      if (selector.tags.length === 0) continue;
      this.#observe(selector.metric, { metric: selector.metric, tags: [] });
      this.#named.add(selector.metric);
    }
    const durations = this.registry.get(EXPECTED_RESPONSES.metric);
    if (durations && systemTags.has('expected_response')) this.#observe(EXPECTED_RESPONSES_KEY, EXPECTED_RESPONSES);
  }

  #observe(key: string, selector: MetricSelector): Observed {
    const known = this.#metrics.get(key);
    if (known) return known;
    const metric = this.registry.get(selector.metric)!;
    const entry = { metric, key, selector, sink: this.#createSink(metric) };
    this.#metrics.set(key, entry);
    if (selector.tags.length > 0) {
      const siblings = this.#submetrics.get(metric.name);
      if (siblings) siblings.push(entry);
      else this.#submetrics.set(metric.name, [entry]);
    }
    return entry;
  }

  #createSink(metric: Metric): Sink {
    return metric === this.#failedIterations ? new ShareSink() : createSink(metric.type);
  }

  /** What counts the iterations of a series as the whole of those that failed. */
  #wholesFor(tags: Series['tags'], scenario: string, group: string): SeriesReceiver[] {
    const failed = this.#failedIterations;
    if (failed === null) return [];
    const sinks = [this.#metrics.get(failed.name)!.sink];
    for (const { selector, sink } of this.#submetrics.get(failed.name) ?? []) {
      if (isSelected(selector, tags)) sinks.push(sink);
    }
    if (this.#sections) sinks.push(...this.#sections.sinksFor(failed, scenario, group));
    return sinks.flatMap((sink) => (sink instanceof ShareSink ? sink.whole : []));
  }

  #findReceivers(metric: Metric, tags: readonly (readonly [string, string])[]): SeriesReceiver[] {
    const receivers: SeriesReceiver[] = [this.#observe(metric.name, { metric: metric.name, tags: [] }).sink];
    for (const { selector, sink } of this.#submetrics.get(metric.name) ?? []) {
      if (isSelected(selector, tags)) receivers.push(sink);
    }
    const group = tagOf({ tags }, 'group') ?? '';
    const scenario = tagOf({ tags }, 'scenario') ?? '';
    if (this.#sections) receivers.push(...this.#sections.sinksFor(metric, scenario, group));
    if (metric.name === 'iterations') receivers.push(...this.#wholesFor(tags, scenario, group));
    const failures = this.#failures.counterFor(metric.name, tags);
    if (failures) receivers.push(failures);
    if (metric.name === 'group_duration') findGroup(this.rootGroup, group);
    const check = metric.name === 'checks' ? tagOf({ tags }, 'check') : undefined;
    if (check !== undefined) receivers.push(this.#tallyOf(scenario, group, check));
    return receivers;
  }

  #tallyOf(scenario: string, group: string, name: string): SeriesReceiver {
    const overall = this.#checks.get(name) ?? { name, passes: 0, fails: 0 };
    this.#checks.set(name, overall);
    const tallies = [overall, findCheck(findGroup(this.rootGroup, group), name)];
    if (this.#sections) tallies.push(this.#sections.checkOf(scenario, group, name));
    return {
      add: (value) => {
        const outcome = value === 0 ? 'fails' : 'passes';
        for (const tally of tallies) tally[outcome]++;
      },
      mergeDelta: (delta) => {
        const passes = passesOfDelta(delta);
        for (const tally of tallies) {
          tally.passes += passes;
          tally.fails += delta.count - passes;
        }
      },
    };
  }
}

function addRun(receiver: SeriesReceiver, { values, times }: SampleRuns, from: number, to: number): void {
  if (receiver.addMany !== undefined) receiver.addMany(values, times, from, to);
  else for (let index = from; index < to; index++) receiver.add(values[index], times[index]);
}

function tolerant(registry: MetricRegistry, onConflict: (error: MetricDefinitionError) => void): MetricDefiner {
  return {
    define: (name, type, contains) => {
      try {
        return registry.define(name, type, contains);
      } catch (error) {
        if (!(error instanceof MetricDefinitionError)) throw error;
        onConflict(error);
        return AS_DESCRIBED.define(name, type, contains);
      }
    },
  };
}

function wholeOf({ name }: Metric): MetricSelector {
  return { metric: name, tags: [] };
}

function isSelected(selector: MetricSelector, tags: Series['tags']): boolean {
  return selector.tags.every(([key, value]) => tagOf({ tags }, key) === value);
}

/** Whether there is nothing to say of it. That no iteration failed is said only where somebody asks. */
function isSilent(sink: Sink): boolean {
  return sink instanceof ShareSink ? sink.passes === 0 : sink.isEmpty;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A metric before its submetrics. */
function compareKeys(a: ObservedMetric, b: ObservedMetric): number {
  return a.selector.tags.length === 0 ? -1 : b.selector.tags.length === 0 ? 1 : compare(a.key, b.key);
}
