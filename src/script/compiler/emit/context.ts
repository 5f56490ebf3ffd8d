/** How the body being emitted waits: not at all, as a twin, as a user's async function, as a generator, as both. */
export type ContextKind = 'plain' | 'twin' | 'async' | 'generator' | 'async-generator';

/** What the emitters know of the function whose body they are in. */
export class Context {
  readonly kind: ContextKind;
  /** Temporaries to declare. */
  readonly temps = new Set<string>();
  hasFinally = false;
  /** In the parameters of a plain function, which have no place to declare temporaries. */
  isInParameters = false;
  /** In a blocking constructor (or an arrow in it): how `super(…)` finds the parent and what follows it. */
  readonly construction: Construction | null;
  /** `new.target` is a variable here: the twin of a function is never what `new` calls. */
  hasNewTarget = false;
  /** The variable that holds the resources of the statements that are being emitted. */
  resources: string | null = null;
  /** The statements' values count: the body is a text that `eval` runs. */
  completes = false;
  readonly #free: Map<string, string[]> = new Map();
  readonly #count: Map<string, number> = new Map();
  readonly #shared: Map<string, string> = new Map();
  readonly #prefix: string;

  constructor(kind: ContextKind, prefix: string, construction: Construction | null = null) {
    this.kind = kind;
    this.#prefix = prefix;
    this.construction = construction;
  }

  /** A temporary that must survive the evaluation of other expressions; give it back with `release`. */
  take(letter: string): string {
    const free = this.#free.get(letter);
    const known = free?.pop();
    if (known !== undefined) return known;
    const count = this.#count.get(letter) ?? 0;
    this.#count.set(letter, count + 1);
    const name = `${this.#prefix}${letter}${count}`;
    this.temps.add(name);
    return name;
  }

  /** Takes the temporaries out that were added after the first `count`: they are declared elsewhere. */
  splitTemps(count: number): string[] {
    const split = [...this.temps].slice(count);
    for (const name of split) this.temps.delete(name);
    return split;
  }

  release(name: string): void {
    const letter = name[this.#prefix.length] as string;
    const free = this.#free.get(letter);
    if (free === undefined) this.#free.set(letter, [name]);
    else free.push(name);
  }

  /** A temporary that is consumed before any other expression is evaluated. */
  shared(letter: string): string {
    const known = this.#shared.get(letter);
    if (known !== undefined) return known;
    const name = `${this.#prefix}${letter}`;
    this.#shared.set(letter, name);
    this.temps.add(name);
    return name;
  }
}

export interface Construction {
  /** Expression for the parent of the class under construction. */
  readonly self: string;
  /** Declares what `self` goes by: the constructor's own names may hide that of the class. */
  readonly alias: string;
  /** Name of the private method that initialises the fields, if they may block. */
  readonly fields: string | null;
}
