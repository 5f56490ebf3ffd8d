// Tags of a sample. A set is interned per thread: the same tags are the same object, however they came together, and adding
// one is a look-up in a map.

type Pair = readonly [key: string, value: string];

const interned = new Map<string, TagSet>();

export class TagSet {
  static readonly EMPTY = new TagSet([], []);
  /** Sorted by key. */
  readonly #pairs: readonly Pair[];
  readonly #metadata: readonly Pair[];
  #with: Map<string, Map<string, TagSet>> | null = null;
  #without: Map<string, TagSet> | null = null;
  /** Kept here by the thread's sample writer: numbers of the series by the metric's id. */
  seriesOwner: object | null = null;
  series: number[] = [];

  private constructor(pairs: readonly Pair[], metadata: readonly Pair[]) {
    this.#pairs = pairs;
    this.#metadata = metadata;
  }

  static #intern(pairs: readonly Pair[], metadata: readonly Pair[]): TagSet {
    // Metadata changes with each iteration: interned, it would fill the memory.
    if (metadata.length > 0) return new TagSet(pairs, metadata);
    if (pairs.length === 0) return TagSet.EMPTY;
    const key = JSON.stringify(pairs);
    let set = interned.get(key);
    if (!set) interned.set(key, (set = new TagSet(pairs, [])));
    return set;
  }

  /** @returns the set that has `key` with this value, whether it had it before or not */
  with(key: string, value: string): TagSet {
    let values = (this.#with ??= new Map()).get(key);
    if (!values) this.#with.set(key, (values = new Map()));
    let set = values.get(value);
    if (!set) {
      const pairs = this.#pairs.filter(([name]) => name !== key);
      const at = pairs.findIndex(([name]) => name > key);
      pairs.splice(at < 0 ? pairs.length : at, 0, [key, value]);
      values.set(value, (set = TagSet.#intern(pairs, this.#metadata)));
    }
    return set;
  }

  without(key: string): TagSet {
    let set = (this.#without ??= new Map()).get(key);
    if (!set) {
      const pairs = this.#pairs.filter(([name]) => name !== key);
      set = pairs.length === this.#pairs.length ? this : TagSet.#intern(pairs, this.#metadata);
      this.#without.set(key, set);
    }
    return set;
  }

  get(key: string): string | undefined {
    for (const [name, value] of this.#pairs) if (name === key) return value;
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** Sorted by key. */
  entries(): readonly Pair[] {
    return this.#pairs;
  }

  /**
   * Metadata goes with the samples to outputs that show it, and is no part of what tells series apart: k6's `vu` and
   * `iter`. @returns a set with it
   */
  withMetadata(key: string, value: string): TagSet {
    return new TagSet(this.#pairs, [...this.#metadata.filter(([name]) => name !== key), [key, value]]);
  }

  withoutMetadata(key: string): TagSet {
    return TagSet.#intern(
      this.#pairs,
      this.#metadata.filter(([name]) => name !== key),
    );
  }

  metadata(): readonly Pair[] {
    return this.#metadata;
  }
}
