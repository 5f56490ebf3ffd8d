// Keeps what a run of one execution segment measures, second by second, for "sixfold runs merge".
import { encodeReport } from '../metrics/reports/report-codec.ts';
import { ReportWriter } from '../metrics/reports/report-writer.ts';
import type { SampleBatch } from '../metrics/sample-batch.ts';
import type { Series } from '../metrics/series-table.ts';
import type { SegmentRecord } from '../report/segment-record.ts';
import type { RunObserver, RunPlan } from './run-observer.ts';

export class SegmentReports implements RunObserver {
  readonly #writer = new ReportWriter();
  readonly #sources = new Map<readonly Series[], number>();
  readonly #reports: string[] = [];
  #plan: RunPlan | null = null;

  onReady(plan: RunPlan): void {
    if (plan.options.executionSegment !== '') this.#plan = plan;
  }

  onBatch(batch: SampleBatch, series: readonly Series[]): void {
    if (this.#plan === null) return;
    let source = this.#sources.get(series);
    if (source === undefined) this.#sources.set(series, (source = this.#sources.size));
    this.#writer.add(batch, source);
  }

  onSnapshot(): void {
    if (this.#writer.isEmpty) return;
    const now = performance.timeOrigin + performance.now();
    for (const report of this.#writer.cut(now, 0, Number.POSITIVE_INFINITY))
      this.#reports.push(Buffer.from(encodeReport(report)).toString('base64'));
  }

  /** @param plannedMs how long the run was to take @returns null for a run of the whole test */
  read(plannedMs: number | null): SegmentRecord | null {
    if (this.#plan === null) return null;
    this.onSnapshot();
    const { options, shownScenarios, wholeFingerprint, redact } = this.#plan;
    return {
      segment: options.executionSegment,
      sequence: options.executionSegmentSequence,
      test: wholeFingerprint,
      thresholds: redact(options.thresholds),
      systemTags: options.systemTags,
      tags: redact(options.tags),
      scenarios: redact(shownScenarios),
      plannedMs,
      reports: this.#reports,
    };
  }
}
