// check(value, { name: predicate or value, … }, tags)
import type { TagSet } from '../../metrics/tag-set.ts';
import { systemTagFlags } from '../../options/system-tag-flags.ts';
import type { HostSteps, RealmFunction } from '../../script/realm-interface.ts';
import type { HostCall } from '../../script/runtime/host-steps.ts';
import { Suspension } from '../../script/runtime/suspension.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { refuseSeparator } from './path-separator.ts';

/** `check` of the realm: one sample of `checks` for each entry; whether all of them held. */
export function createCheck(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  return realm.steppedFunction('check', 2, (_self, { 0: value, 1: sets, 2: customTags }) => {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('using check()');
    if (sets === undefined || sets === null) {
      throw realm.error(
        'TypeError',
        'check() requires an object of names and checks as its second argument: no checks provided',
      );
    }
    // A slip such as check(res, res.status === 200) names no check, and k6 lets it pass.
    if (typeof sets !== 'object' && typeof sets !== 'function') return true;
    return new CheckCall(environment, vu, value, sets as Record<string, unknown>, customTags).run();
  });
}

/** One call of `check`. Predicates hardly ever wait: the generator is made where one does. */
class CheckCall {
  readonly #environment: VuEnvironment;
  readonly #vu: VirtualUser;
  readonly #value: unknown;
  readonly #sets: Readonly<Record<string, unknown>>;
  readonly #customTags: unknown;
  readonly #names: readonly string[];
  #index = 0;
  #allHeld = true;
  /** Of the entry in hand. */
  #time = 0;
  #tags: TagSet;

  constructor(
    environment: VuEnvironment,
    vu: VirtualUser,
    value: unknown,
    sets: Readonly<Record<string, unknown>>,
    customTags: unknown,
  ) {
    this.#environment = environment;
    this.#vu = vu;
    this.#value = value;
    this.#sets = sets;
    this.#customTags = customTags;
    this.#names = Object.keys(sets);
    this.#tags = vu.tags;
  }

  /** @returns whether all held, or the steps that are left when a predicate waits */
  run(): boolean | HostSteps {
    const { realm } = this.#environment;
    for (; this.#index < this.#names.length; this.#index++) {
      let outcome = this.#begin();
      if (typeof outcome === 'function') {
        try {
          outcome = realm.call(outcome, undefined, [this.#value]);
        } catch (error) {
          this.#record(false);
          throw error;
        }
        if (typeof outcome === 'object' && outcome instanceof Suspension) return this.#goOn(outcome);
        this.#refusePromise(outcome);
      }
      this.#record(Boolean(outcome));
    }
    return this.#allHeld;
  }

  *#goOn(waiting: Suspension): HostSteps {
    let step: Suspension | HostCall = waiting;
    for (;;) {
      let outcome: unknown;
      try {
        outcome = yield step;
      } catch (error) {
        this.#record(false);
        throw error;
      }
      this.#refusePromise(outcome);
      this.#record(Boolean(outcome));
      for (;;) {
        if (++this.#index >= this.#names.length) return this.#allHeld;
        outcome = this.#begin();
        if (typeof outcome === 'function') break;
        this.#record(Boolean(outcome));
      }
      step = { fn: outcome, args: [this.#value] };
    }
  }

  /** k6 fixes time and tags before it calls the predicate, which may change the tags. */
  #begin(): unknown {
    const { realm, options } = this.#environment;
    const name = this.#names[this.#index]!;
    refuseSeparator(realm, name);
    this.#time = this.#environment.now();
    const tags = addCustomTags(realm, this.#vu.tags, this.#customTags);
    this.#tags = systemTagFlags(options.systemTags).check ? tags.with('check', name) : tags;
    return this.#sets[name];
  }

  #record(held: boolean): void {
    if (!held) this.#allHeld = false;
    const { samples, metrics } = this.#environment;
    samples.add(metrics.checks, this.#tags, held ? 1 : 0, this.#time);
  }

  #refusePromise(outcome: unknown): void {
    // Nearly always a truth value: `instanceof` would look for a method of the realm's class even then.
    if (typeof outcome !== 'object') return;
    const { realm } = this.#environment;
    if (!(outcome instanceof realm.intrinsics.Promise)) return;
    throw realm.error(
      'TypeError',
      `the predicate of check '${this.#names[this.#index]}' is async: check() would only see a promise, which always holds. Await the value first, then check it`,
    );
  }
}
