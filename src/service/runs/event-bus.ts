// What happens in runs, to whoever looks on at this server. Events lie in the database too, so that another server's viewers and those
// that come back have them.
import type { RunEventTable } from '../storage/tables.ts';

export type BusEvent = Pick<RunEventTable, 'seq' | 'type' | 'data'>;
export type BusListener = (events: readonly BusEvent[]) => void;

export class EventBus {
  readonly #listeners = new Map<string, Set<BusListener>>();

  /** @returns ends it */
  listen(run: string, listener: BusListener): () => void {
    const all = this.#listeners.get(run) ?? new Set();
    this.#listeners.set(run, all.add(listener));
    return () => {
      all.delete(listener);
      // Whoever leaves twice takes nothing of those that have come since.
      if (all.size === 0 && this.#listeners.get(run) === all) this.#listeners.delete(run);
    };
  }

  tell(run: string, events: readonly BusEvent[]): void {
    for (const listener of this.#listeners.get(run) ?? []) listener(events);
  }

  /** Runs that somebody looks at. */
  get watched(): string[] {
    return [...this.#listeners.keys()];
  }
}
