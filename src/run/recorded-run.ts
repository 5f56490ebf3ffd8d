// A run as its record at any moment of it: what the live page, the report and the history are made from.
import path from 'node:path';
import { describeProgress } from '../execution/scenario-progress.ts';
import { encodeBlock } from '../metrics/timeline/timeline-block.ts';
import { buildRecord, buildStanding, type RecordSource, type RunStanding } from '../report/build-record.ts';
import type { KeptRun } from '../report/compare-records.ts';
import type { ComparisonRecord } from '../report/comparison-record.ts';
import { type Headline, headlineOfTotals } from '../report/headline.ts';
import { deflateRun, packRun } from '../report/pack-run.ts';
import type { RunRecord } from '../report/run-record.ts';
import { makeRunId } from './run-id.ts';
import type { RunObserver, RunPlan, RunResult, RunSnapshot } from './run-observer.ts';
import { RunTimeline } from './run-timeline.ts';
import { SegmentReports } from './segment-reports.ts';

export class RecordedRun implements RunObserver {
  readonly id: string;
  readonly timeline: RunTimeline;
  readonly segments = new SegmentReports();
  /** With earlier runs, once it is made. */
  comparison: ComparisonRecord | null = null;
  readonly #snapshot: () => RunSnapshot;
  #plan: RunPlan | null = null;
  #result: RunResult | null = null;

  /** @param snapshot the run at the moment @param id where it has one already */
  constructor(snapshot: () => RunSnapshot, id = makeRunId()) {
    this.id = id;
    this.#snapshot = snapshot;
    this.timeline = new RunTimeline(snapshot);
  }

  onReady(plan: RunPlan): void {
    this.#plan = plan;
  }

  onEnd(result: RunResult): void {
    this.#result = result;
  }

  onRevise(result: RunResult): void {
    this.#result = result;
  }

  /** What it is called by: the file alone. */
  get script(): string {
    return path.basename(this.#plan?.script ?? '');
  }

  /** @returns what is known so far; of the rows that the timeline has now. Not before the options are known */
  record(): RunRecord {
    return buildRecord(this.#source());
  }

  /** @returns how it stands at the moment. Not before the options are known */
  standing(): RunStanding {
    return buildStanding(this.#source());
  }

  /** @returns what a list of runs shows of it, so far; little to make, however many endpoints there are */
  headline(): Headline {
    const { timeline } = this.timeline;
    const source = this.#source();
    const protocols = timeline.rows.filter(({ description: { kind } }) => kind === 'protocol');
    return headlineOfTotals(
      buildStanding(source),
      protocols.map((row) => ({ protocol: row.description.protocol, ...row.totals(timeline.cells) })),
      (metric) => {
        const sink = source.engine.find(metric)?.sink;
        return sink?.type === 'trend' && sink.count > 0 ? sink.percentile(95) : null;
      },
    );
  }

  #source(): RecordSource {
    const [plan, result] = [this.#plan, this.#result];
    if (plan === null) throw new Error('the options of the run are not known yet');
    const snapshot = this.#snapshot();
    const segment = result === null ? null : this.segments.read(this.timeline.plannedMs);
    return {
      id: this.id,
      script: this.script,
      fingerprint: plan.fingerprint,
      ...(this.comparison !== null && { comparison: this.comparison }),
      ...(segment !== null && { segment }),
      ...(snapshot.agents !== undefined && { agents: snapshot.agents }),
      durationMs: result?.durationMs ?? snapshot.elapsedMs,
      plannedMs: this.timeline.plannedMs,
      state: snapshot.state,
      isPaused: snapshot.isPaused,
      exitCode: result?.exitCode ?? null,
      reason: result?.reason ?? null,
      iterations: result?.iterations ?? { ...snapshot, firstFailure: null },
      concerns: result?.concerns.map(({ text }) => text) ?? [],
      engine: plan.engine,
      timeline: this.timeline.timeline,
      scenarios: plan.redact(plan.shownScenarios),
      progress: snapshot.scenarios.map(({ config, progress }) => describeProgress(config, progress).join(', ')),
      tags: plan.redact(plan.options.tags),
      health: result?.health ?? [],
    };
  }

  /** @returns the run so far, with all its rows */
  read(): KeptRun {
    return { record: this.record(), data: this.timeline.timeline.read() };
  }

  /** @returns the run so far, small enough to be kept, as reports hold it */
  deflate(): Buffer {
    const { record, data } = this.read();
    return deflateRun(packRun(record, data));
  }

  /** @returns the run so far with all its rows, for a page that goes on from there */
  deflateAll(): Buffer {
    const { record, data } = this.read();
    return deflateRun({ record, block: encodeBlock(data) }, 1);
  }
}
