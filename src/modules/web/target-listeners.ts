// Who listens to the events of a target (https://dom.spec.whatwg.org, section 2.7).
interface Listener {
  readonly callback: unknown;
  readonly capture: boolean;
  readonly once: boolean;
  isRemoved: boolean;
}

/** Who listens to a target, by type. */
export class TargetListeners {
  readonly #byType = new Map<string, Listener[]>();

  add(type: string, callback: unknown, capture: boolean, once: boolean): void {
    let list = this.#byType.get(type);
    if (list === undefined) this.#byType.set(type, (list = []));
    if (list.some((known) => known.callback === callback && known.capture === capture)) return;
    list.push({ callback, capture, once, isRemoved: false });
  }

  remove(type: string, callback: unknown, capture: boolean): void {
    const list = this.#byType.get(type) ?? [];
    const at = list.findIndex((known) => known.callback === callback && known.capture === capture);
    if (at >= 0) this.#drop(type, list[at]!);
  }

  /** Puts one in the place of another, where an on-property changes. */
  replace(type: string, before: unknown, callback: unknown): void {
    const list = this.#byType.get(type) ?? [];
    const at = list.findIndex((known) => known.callback === before);
    if (at < 0) this.add(type, callback, false, false);
    else {
      list[at]!.isRemoved = true;
      list[at] = { callback, capture: false, once: false, isRemoved: false };
    }
  }

  has(type: string): boolean {
    return (this.#byType.get(type)?.length ?? 0) > 0;
  }

  /** Those that an event is for now; one that hears only once is taken out when it is its turn. */
  *of(type: string): Generator<unknown> {
    for (const listener of [...(this.#byType.get(type) ?? [])]) {
      if (listener.isRemoved) continue;
      if (listener.once) this.#drop(type, listener);
      yield listener.callback;
    }
  }

  #drop(type: string, listener: Listener): void {
    listener.isRemoved = true;
    const list = this.#byType.get(type)!;
    list.splice(list.indexOf(listener), 1);
  }
}
