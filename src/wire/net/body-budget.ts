import { WireError } from './wire-error.ts';

/** Bodies smaller than this many octets are not worth counting. */
export const UNCOUNTED = 1024 * 1024;

/** The octets that bodies may take while they are read and unpacked: one alone, and all that are in progress together. */
export class BodyBudget {
  /** Octets. */
  readonly limit: number;
  readonly #change: (by: number) => number;

  /**
   * @param limit in octets
   * @param change adds to the count of all bodies in progress and returns the new one; left out, this object counts for itself
   */
  constructor(limit: number, change?: (by: number) => number) {
    let own = 0;
    this.limit = limit;
    this.#change = change ?? ((by) => (own += by));
  }

  /** @returns whether there is room for so many octets more; then they are taken until they are {@link release}d */
  reserve(octets: number): boolean {
    if (this.#change(octets) <= this.limit) return true;
    this.#change(-octets);
    return false;
  }

  release(octets: number): void {
    if (octets > 0) this.#change(-octets);
  }

  /** The failure of a request whose body does not fit. */
  exceeded(): WireError {
    return new WireError(
      1702,
      `response body over the limit of ${formatSize(this.limit)}, all bodies in progress counted (option maxResponseBytes)`,
    );
  }
}

/** No limit. */
export const UNBOUNDED = new BodyBudget(Number.POSITIVE_INFINITY, () => 0);

function formatSize(octets: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (octets >= size && octets % (size / 10) === 0) return `${octets / size} ${unit}`;
  return `${octets} bytes`;
}
