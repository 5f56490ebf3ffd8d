// When ramping-arrival-rate starts its iterations: exact times on a piecewise linear rate.
import type { Stage } from '../../options/scenario-config.ts';

/** A stage as a stretch of the curve. Rates are iterations per ms. */
interface Stretch {
  readonly startMs: number;
  readonly durationMs: number;
  readonly fromRate: number;
  readonly toRate: number;
  /** Iterations that were due before it. */
  readonly before: number;
  readonly amount: number;
}

/** Sums of fractions may end a hair below the whole number that they stand for. */
const ROUNDING = 1e-9;

/** The rate over time, and the times at which the area below it reaches 1, 2, 3 … */
export class RateRamp {
  readonly #stretches: readonly Stretch[];
  /** Iterations of the whole curve. */
  readonly total: number;
  readonly durationMs: number;
  /** The stretch of the last answer: asked in ascending order, the next is found at once. */
  #at = 0;

  /** @param stages targets are rates per `timeUnitMs` */
  constructor(startRate: number, stages: readonly Stage[], timeUnitMs: number) {
    const stretches: Stretch[] = [];
    let fromRate = startRate / timeUnitMs;
    let startMs = 0;
    let before = 0;
    for (const { durationMs, target } of stages) {
      const toRate = target / timeUnitMs;
      const amount = (durationMs * (fromRate + toRate)) / 2;
      if (durationMs > 0) stretches.push({ startMs, durationMs, fromRate, toRate, before, amount });
      startMs += durationMs;
      before += amount;
      fromRate = toRate;
    }
    this.#stretches = stretches;
    this.durationMs = startMs;
    this.total = Math.floor(before + ROUNDING);
  }

  /**
   * @param index 0-based, over the whole test
   * @returns ms after the scenario's start at which the iteration is due; Infinity for those that the curve does not reach
   */
  dueMs(index: number): number {
    const wanted = index + 1;
    if (wanted > this.total) return Number.POSITIVE_INFINITY;
    if (this.#at > 0 && this.#stretches[this.#at].before >= wanted) this.#at = 0;
    while (this.#at < this.#stretches.length - 1) {
      const { before, amount } = this.#stretches[this.#at];
      if (wanted <= before + amount) break;
      this.#at++;
    }
    const { startMs, durationMs, fromRate, toRate, before, amount } = this.#stretches[this.#at];
    const area = Math.min(wanted - before, amount);
    // Solves fromRate·t + slope·t²/2 = area in the form that loses no digits when the slope is small.
    const slope = (toRate - fromRate) / durationMs;
    const root = Math.sqrt(Math.max(0, fromRate * fromRate + 2 * slope * area));
    const t = fromRate + root > 0 ? (2 * area) / (fromRate + root) : durationMs;
    return startMs + Math.min(Math.max(t, 0), durationMs);
  }

  /** @returns iterations per ms at a moment */
  rateAt(ms: number): number {
    const stretch = this.#stretches.findLast(({ startMs }) => startMs <= ms) ?? this.#stretches[0];
    if (stretch === undefined || ms > this.durationMs) return 0;
    return (
      stretch.fromRate +
      (stretch.toRate - stretch.fromRate) * Math.min(1, Math.max(0, (ms - stretch.startMs) / stretch.durationMs))
    );
  }
}
