// Calls of a script's functions by what happens in a browser: each is a job of its virtual user.
import type { HostSteps, Realm, RealmFunction } from '../../script/realm-interface.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';

interface Pending {
  readonly fn: unknown;
  readonly show: () => readonly unknown[];
  settle(value: unknown): void;
}

export class ScriptCalls {
  readonly #dispatch: RealmFunction;

  constructor(realm: Realm) {
    // What it is given is the host's own and never seen by the script.
    this.#dispatch = realm.steppedFunction('', 1, function* (_self, { 0: given }): HostSteps {
      const { fn, show, settle } = given as Pending;
      settle(yield { fn, self: undefined, args: show() });
      return undefined;
    });
  }

  /**
   * Queues a call; one that throws fails the iteration.
   * @param show makes the arguments when it is its turn
   * @param onReturn hears what it returned
   * @param onThrown hears that it threw
   */
  post(
    vu: VirtualUser,
    fn: unknown,
    show: () => readonly unknown[],
    onReturn: (value: unknown) => void = () => {},
    onThrown: () => void = () => {},
  ): void {
    const pending: Pending = { fn, show, settle: onReturn };
    vu.loop.post(this.#dispatch, undefined, [pending], (error) => {
      onThrown();
      vu.loop.failIteration(error);
    });
  }
}
