// An answer that is made once for all who ask at about the same time.

export class KeptAnswer {
  readonly #make: () => Buffer;
  #kept: { readonly bytes: Buffer; readonly version: number; readonly at: number } | null = null;

  constructor(make: () => Buffer) {
    this.#make = make;
  }

  /**
   * @param version of what it is made from: of another one it is made anew
   * @param mostAgeMs how old it may be
   */
  get(version: number, mostAgeMs: number): Buffer {
    const now = performance.now();
    const kept = this.#kept;
    if (kept !== null && kept.version === version && now - kept.at <= mostAgeMs) return kept.bytes;
    const bytes = this.#make();
    this.#kept = { bytes, version, at: now };
    return bytes;
  }
}
