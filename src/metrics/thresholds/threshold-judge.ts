// Judges thresholds while a run goes on and at its end.
import type { Sink } from '../sinks/sink.ts';
import type { MetricThresholds, ParsedThreshold, ThresholdDefinition } from './parse-thresholds.ts';
import { aggregate, holds } from './threshold-expression.ts';

/** What was last found of one threshold. */
export interface ThresholdVerdict {
  /** As the user wrote it. */
  readonly source: string;
  readonly aggregation: string;
  readonly ok: boolean;
  /** What was compared; undefined: there was nothing to compare, which passes. */
  readonly value: number | undefined;
}

interface Judged {
  readonly key: string;
  readonly sink: Sink;
  readonly thresholds: readonly { readonly parsed: ParsedThreshold; ok: boolean; value: number | undefined }[];
}

export class ThresholdJudge {
  readonly #judged: readonly Judged[];

  /** @param findSink by the key of the options */
  constructor(thresholds: readonly MetricThresholds[], findSink: (key: string) => Sink) {
    this.#judged = thresholds.map(({ key, thresholds }) => ({
      key,
      sink: findSink(key),
      thresholds: thresholds.map((parsed) => ({ parsed, ok: true, value: undefined })),
    }));
  }

  get isEmpty(): boolean {
    return this.#judged.length === 0;
  }

  /**
   * @param elapsedMs how long the run has lasted
   * @param final whether it is over; before, metrics without samples pass
   */
  evaluate(elapsedMs: number, final: boolean): { crossed: string[]; abort: boolean } {
    const crossed: string[] = [];
    let abort = false;
    for (const { key, sink, thresholds } of this.#judged) {
      if (sink.isEmpty && !final) continue;
      let holdsAll = true;
      for (const threshold of thresholds) {
        threshold.value = aggregate(threshold.parsed, sink, elapsedMs);
        // A share of nothing is no share: it passes whatever is demanded, as in k6.
        const isVacuous = threshold.value === undefined || (sink.type === 'rate' && sink.isEmpty);
        threshold.ok = isVacuous || holds(threshold.parsed, threshold.value!);
        if (threshold.ok) continue;
        holdsAll = false;
        if (threshold.parsed.abortOnFail && elapsedMs >= threshold.parsed.delayAbortEvalMs) abort = true;
      }
      if (!holdsAll) crossed.push(key);
    }
    return { crossed, abort };
  }

  /** By key. */
  verdicts(): Map<string, ThresholdVerdict[]> {
    return new Map(
      this.#judged.map(({ key, thresholds }) => [
        key,
        thresholds.map(({ parsed, ok, value }) => ({
          source: parsed.source,
          aggregation: parsed.aggregation,
          ok,
          value,
        })),
      ]),
    );
  }

  /** What the options hold for one key. */
  definitions(key: string): ThresholdDefinition[] {
    const judged = this.#judged.find((one) => one.key === key);
    return (judged?.thresholds ?? []).map(({ parsed: { source, abortOnFail, delayAbortEvalMs } }) => ({
      threshold: source,
      abortOnFail,
      delayAbortEvalMs,
    }));
  }
}
