/** Which statuses count as success: what `http.expectedStatuses(…)` makes. */
export class StatusSet {
  readonly #single: ReadonlySet<number>;
  readonly #ranges: readonly { min: number; max: number }[];

  constructor(single: Iterable<number>, ranges: readonly { min: number; max: number }[]) {
    this.#single = new Set(single);
    this.#ranges = ranges;
  }

  has(status: number): boolean {
    if (this.#single.has(status)) return true;
    for (const range of this.#ranges) if (status >= range.min && status <= range.max) return true;
    return false;
  }
}

/** k6's default: 200 to 399. */
export const DEFAULT_EXPECTED = new StatusSet([], [{ min: 200, max: 399 }]);
/** What the first, unauthenticated request of a digest exchange expects. */
export const CHALLENGE_EXPECTED = new StatusSet([401], []);

/**
 * Reads the arguments of `expectedStatuses`.
 * @throws TypeError when one is neither an integer nor `{min, max}` of integers
 */
export function readStatuses(args: readonly unknown[]): StatusSet {
  if (args.length === 0) throw new TypeError('expectedStatuses() needs at least one argument');
  const single: number[] = [];
  const ranges: { min: number; max: number }[] = [];
  args.forEach((argument, index) => {
    if (typeof argument === 'number' && Number.isInteger(argument)) {
      single.push(argument);
      return;
    }
    if (typeof argument === 'object' && argument !== null) {
      const { min, max } = argument as { min?: unknown; max?: unknown };
      if (Number.isInteger(min) && Number.isInteger(max)) {
        ranges.push({ min: min as number, max: max as number });
        return;
      }
    }
    throw new TypeError(
      `argument number ${index + 1} to expectedStatuses() was neither an integer nor an object like {min:100, max:329}`,
    );
  });
  return new StatusSet(single, ranges);
}
