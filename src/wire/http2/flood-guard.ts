/** Frames that bring nothing: so many of them within a second are an attack or a fault. */
const LIMIT = 1000;

/** Counts frames that cost work and bring nothing, until something useful happens or a second has passed. */
export class FloodGuard {
  #count = 0;
  #since = 0;

  /** Something useful came or could be sent. */
  progress(): void {
    this.#count = 0;
  }

  /** @returns false when it is too much */
  admit(): boolean {
    if (++this.#count < LIMIT) {
      if (this.#count === 1) this.#since = performance.now();
      return true;
    }
    if (performance.now() - this.#since < 1000) return false;
    this.#count = 0;
    return true;
  }
}
