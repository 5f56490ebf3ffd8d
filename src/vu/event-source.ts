// Events of an object that a script holds: each is a job of its virtual user, one at a time and in order, so that a handler which
// blocks makes the next ones wait.
import type { HostSteps, Realm, RealmFunction } from '../script/realm-interface.ts';
import type { VirtualUser } from './virtual-user.ts';

/** When so many events wait for their handlers the peer has to wait, too. */
const MOST_WAITING = 256;
const FEW_WAITING = 64;

/** What an event's handler is called with, made when it is its turn; null: nobody is to hear of it any more. */
type Show = () => readonly unknown[] | null;

export interface EventSourceParts<Type extends string> {
  readonly vu: VirtualUser;
  /** What handlers have as `this`. */
  readonly object: object;
  readonly types: readonly Type[];
  /** Holds the peer back, or lets it go on. */
  flow?(isHeld: boolean): void;
  /** A handler has thrown, which fails the iteration. */
  onThrown(): void;
}

interface Pending {
  readonly source: EventSource<string>;
  readonly type: string;
  readonly show: Show;
  readonly done: (() => void) | undefined;
}

const dispatchers = new WeakMap<Realm, RealmFunction>();

/** The job of one event; what it is given is the host's own and never seen by the script. */
function dispatcherOf(realm: Realm): RealmFunction {
  let dispatcher = dispatchers.get(realm);
  if (dispatcher === undefined) {
    dispatcher = realm.steppedFunction('', 1, function* (_self, { 0: given }): HostSteps {
      const { source, type, show, done } = given as Pending;
      source.begin();
      try {
        const args = show();
        const fn = source.listener(type);
        if (args !== null && fn !== undefined) yield { fn, self: source.object, args };
        return undefined;
      } finally {
        done?.();
      }
    });
    dispatchers.set(realm, dispatcher);
  }
  return dispatcher;
}

export class EventSource<Type extends string> {
  readonly object: object;
  readonly #parts: EventSourceParts<Type>;
  readonly #listeners = new Map<string, unknown>();
  #waiting = 0;
  #isHeld = false;

  constructor(parts: EventSourceParts<Type>) {
    this.object = parts.object;
    this.#parts = parts;
  }

  /**
   * One listener for each event: another takes its place.
   * @throws for an event that there is not, and for what is no function
   */
  on(type: unknown, fn: unknown): void {
    const { types } = this.#parts;
    const name = String(type);
    if (!(types as readonly string[]).includes(name))
      throw new TypeError(`unknown event ${JSON.stringify(name)}: there are ${types.join(', ')}`);
    if (typeof fn !== 'function')
      throw new TypeError(`the handler of ${name} must be a function, not ${fn === null ? 'null' : typeof fn}`);
    this.#listeners.set(name, fn);
  }

  listener(type: string): unknown {
    return this.#listeners.get(type);
  }

  /**
   * Queues an event.
   * @param done called when its handler has returned, or would have
   */
  post(type: Type, show: Show, done?: () => void): void {
    const { vu, flow, onThrown } = this.#parts;
    if (++this.#waiting >= MOST_WAITING && !this.#isHeld) {
      this.#isHeld = true;
      flow?.(true);
    }
    const pending: Pending = { source: this, type, show, done };
    vu.loop.post(dispatcherOf(vu.environment.realm), undefined, [pending], (error) => {
      onThrown();
      vu.loop.failIteration(error);
    });
  }

  /** An event has got its turn. */
  begin(): void {
    this.#waiting--;
    if (this.#isHeld && this.#waiting <= FEW_WAITING) {
      this.#isHeld = false;
      this.#parts.flow?.(false);
    }
  }
}
