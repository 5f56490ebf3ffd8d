// What has to be cut off when an iteration is interrupted: a list whose links are the hooks themselves, so that neither a virtual user
// that waits for nothing nor one of many thousand that sleep has a collection for it.

/** Told once, when the iteration is interrupted, unless it is taken off the list before. */
export interface InterruptHook {
  onInterrupt(): void;
  /** @internal */ hookBefore: InterruptHook | null;
  /** @internal */ hookAfter: InterruptHook | null;
}

/** Hooks in the order they were added. */
export class InterruptHooks {
  #first: InterruptHook | null = null;
  #last: InterruptHook | null = null;

  /** @param hook is on no list */
  add(hook: InterruptHook): void {
    hook.hookBefore = this.#last;
    if (this.#last === null) this.#first = hook;
    else this.#last.hookAfter = hook;
    this.#last = hook;
  }

  /** Takes a hook off; one that is on no list (any more) is left alone. */
  remove(hook: InterruptHook): void {
    const { hookBefore, hookAfter } = hook;
    if (hookBefore === null && this.#first !== hook) return;
    if (hookBefore === null) this.#first = hookAfter;
    else hookBefore.hookAfter = hookAfter;
    if (hookAfter === null) this.#last = hookBefore;
    else hookAfter.hookBefore = hookBefore;
    hook.hookBefore = null;
    hook.hookAfter = null;
  }

  /**
   * Tells all of them; they are off the list by then, and what they add is told the next time.
   * @throws what the first one threw that did, once all were told
   */
  run(): void {
    const all: InterruptHook[] = [];
    for (let hook = this.#first; hook !== null; hook = hook.hookAfter) all.push(hook);
    for (const hook of all) this.remove(hook);
    const thrown: unknown[] = [];
    for (const hook of all) {
      try {
        hook.onInterrupt();
      } catch (error) {
        thrown.push(error);
      }
    }
    if (thrown.length > 0) throw thrown[0];
  }
}

/** A function as a hook. */
export class InterruptCall implements InterruptHook {
  hookBefore: InterruptHook | null = null;
  hookAfter: InterruptHook | null = null;
  readonly onInterrupt: () => void;

  constructor(call: () => void) {
    this.onInterrupt = call;
  }
}
