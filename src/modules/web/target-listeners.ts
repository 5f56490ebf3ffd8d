// Who listens to the events of a target (https://dom.spec.whatwg.org, section 2.7).
export interface Listener {
  readonly callback: unknown;
  readonly capture: boolean;
  readonly once: boolean;
  /** It prevents nothing. */
  readonly passive: boolean;
}

interface KnownListener extends Listener {
  callback: unknown;
  /** It stands in an on-property, and is another listener than the same function that was added. */
  readonly isProperty: boolean;
  isRemoved: boolean;
}

/** Who listens to a target, by type. */
export class TargetListeners {
  readonly #byType = new Map<string, KnownListener[]>();

  /** Nothing when the same function listens already. */
  add(type: string, listener: Listener): void {
    const list = this.#listOf(type);
    if (find(list, listener.callback, listener.capture) < 0)
      list.push({ ...listener, isProperty: false, isRemoved: false });
  }

  remove(type: string, callback: unknown, capture: boolean): void {
    this.#drop(type, find(this.#listOf(type), callback, capture));
  }

  /** Puts a function into the on-property, in the place of the one before. @param callback null for none */
  setProperty(type: string, callback: unknown): void {
    const list = this.#listOf(type);
    const at = list.findIndex(({ isProperty }) => isProperty);
    if (callback === null) {
      this.#drop(type, at);
      return;
    }
    // An event that is under way finds the new one (HTML section 8.1.8.1).
    if (at >= 0) list[at]!.callback = callback;
    else list.push({ callback, capture: false, once: false, passive: false, isProperty: true, isRemoved: false });
  }

  has(type: string): boolean {
    return (this.#byType.get(type)?.length ?? 0) > 0;
  }

  /** Those that an event is for now; one that hears only once is taken out when it is its turn. */
  *of(type: string): Generator<Listener> {
    for (const listener of [...(this.#byType.get(type) ?? [])]) {
      if (listener.isRemoved) continue;
      if (listener.once) this.#drop(type, this.#listOf(type).indexOf(listener));
      yield listener;
    }
  }

  #listOf(type: string): KnownListener[] {
    let list = this.#byType.get(type);
    if (list === undefined) this.#byType.set(type, (list = []));
    return list;
  }

  #drop(type: string, at: number): void {
    if (at < 0) return;
    const [listener] = this.#listOf(type).splice(at, 1);
    listener!.isRemoved = true;
  }
}

function find(list: readonly KnownListener[], callback: unknown, capture: boolean): number {
  return list.findIndex((known) => !known.isProperty && known.callback === callback && known.capture === capture);
}
