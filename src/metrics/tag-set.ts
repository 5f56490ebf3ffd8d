// Tags of samples. A tag set is a node of a tree that its thread shares: adding a tag is a look-up among the node's children,
// and comparing two sets that were made the same way is comparing references.

/** Sets beyond this number are not kept for being found again: an unbounded tag must not fill the memory. */
const KEPT_NODES = 250_000;

const NO_SERIES: number[] = [];
let keptNodes = 0;

export class TagSet {
  /** No tags: the root of the tree. */
  static readonly EMPTY: TagSet = new TagSet(null, '', '', null, null);

  /** Key-value pairs that go with a sample without making a series of their own (`vu`, `iter`); null: none. */
  readonly metadata: readonly (readonly [string, string])[] | null;
  /** The same tags without metadata: the node of the tree. */
  readonly base: TagSet;

  readonly #parent: TagSet | null;
  readonly #key: string;
  readonly #value: string;
  /** The child that was asked for last; while there is only one, no map holds it. Always a child by its own key and value. */
  #lastChild: TagSet | null = null;
  #children: Map<string, Map<string, TagSet>> | null = null;

  /**
   * Ids of series by metric id, -1 where there is none yet; they belong to the sample writer in `owner`. Here, and public,
   * because that makes appending a sample two loads instead of a hash look-up.
   */
  series: number[] = NO_SERIES;
  owner: object | null = null;

  private constructor(
    parent: TagSet | null,
    key: string,
    value: string,
    base: TagSet | null,
    metadata: readonly (readonly [string, string])[] | null,
  ) {
    this.#parent = parent;
    this.#key = key;
    this.#value = value;
    this.base = base ?? this;
    this.metadata = metadata;
  }

  /** These tags and one more, which replaces an equal key. */
  with(key: string, value: string): TagSet {
    const last = this.#lastChild;
    if (last !== null && last.#value === value && last.#key === key) return last;
    const known = this.#children?.get(key)?.get(value);
    if (known !== undefined) {
      if (known.#parent === this) this.#lastChild = known;
      return known;
    }
    return this.#grow(key, value);
  }

  /** These tags but one. */
  without(key: string): TagSet {
    if (this.get(key) === undefined) return this;
    let result = TagSet.EMPTY;
    for (const [name, value] of this.entries()) if (name !== key) result = result.with(name, value);
    return this.#withMetadataOfThis(result);
  }

  get(key: string): string | undefined {
    for (let node: TagSet | null = this.base; node !== null; node = node.#parent) {
      if (node.#key === key && node.#parent !== null) return node.#value;
    }
    return undefined;
  }

  /** Keys and values, the tag added last at the end. */
  entries(): [string, string][] {
    const result: [string, string][] = [];
    for (let node = this.base; node.#parent !== null; node = node.#parent) result.push([node.#key, node.#value]);
    return result.reverse();
  }

  /** The same tags with a pair of metadata more. The result is not kept in the tree: metadata may differ at each sample. */
  withMetadata(key: string, value: string): TagSet {
    const others = (this.metadata ?? []).filter(([name]) => name !== key);
    return new TagSet(null, '', '', this.base, [...others, [key, value]]);
  }

  withoutMetadata(key: string): TagSet {
    const others = (this.metadata ?? []).filter(([name]) => name !== key);
    return others.length === 0 ? this.base : new TagSet(null, '', '', this.base, others);
  }

  #withMetadataOfThis(tags: TagSet): TagSet {
    return this.metadata === null ? tags : new TagSet(null, '', '', tags, this.metadata);
  }

  #grow(key: string, value: string): TagSet {
    if (this.metadata !== null) return this.#withMetadataOfThis(this.base.with(key, value));
    const child = this.get(key) === undefined ? new TagSet(this, key, value, null, null) : this.#replace(key, value);
    if (keptNodes >= KEPT_NODES) return child;
    keptNodes++;
    if (child.#parent === this && this.#lastChild === null && this.#children === null) {
      this.#lastChild = child;
      return child;
    }
    if (this.#children === null && this.#lastChild !== null) {
      this.#keep(this.#lastChild.#key, this.#lastChild.#value, this.#lastChild);
    }
    this.#keep(key, value, child);
    if (child.#parent === this) this.#lastChild = child;
    return child;
  }

  #keep(key: string, value: string, child: TagSet): void {
    this.#children ??= new Map();
    const values = this.#children.get(key);
    if (values) values.set(value, child);
    else this.#children.set(key, new Map([[value, child]]));
  }

  #replace(key: string, value: string): TagSet {
    if (this.get(key) === value) return this;
    let result = TagSet.EMPTY;
    for (const [name, old] of this.entries()) result = result.with(name, name === key ? value : old);
    return result;
  }
}
