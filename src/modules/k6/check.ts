// check(value, { name: predicate or value, … }, tags)
import type { HostSteps, RealmFunction } from '../../script/realm-interface.ts';
import { addCustomTags } from '../../vu/custom-tags.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { refuseSeparator } from './path-separator.ts';

/** `check` of the realm: one sample of `checks` for each entry; whether all of them held. */
export function createCheck(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  return realm.steppedFunction('check', 2, function* (_self, [value, sets, customTags]): HostSteps {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('using check()');
    if (typeof sets !== 'object' || sets === null) {
      throw realm.error('TypeError', 'check() requires an object of names and checks as its second argument');
    }
    let allHeld = true;
    for (const name of Object.keys(sets)) {
      refuseSeparator(realm, name);
      // k6 fixes time and tags before it calls the predicate, which may change the tags.
      const time = environment.now();
      const tags = addCustomTags(realm, vu.tags, customTags);
      const { systemTags } = environment.options;
      const named = systemTags.includes('check') ? tags.with('check', name) : tags;
      const record = (held: boolean): void =>
        environment.samples.add(environment.metrics.checks, named, held ? 1 : 0, time);
      let outcome = (sets as Record<string, unknown>)[name];
      if (typeof outcome === 'function') {
        try {
          outcome = yield { fn: outcome, args: [value] };
        } catch (error) {
          record(false);
          throw error;
        }
        if (outcome instanceof realm.intrinsics.Promise) {
          throw realm.error(
            'TypeError',
            `the predicate of check '${name}' is async: check() would only see a promise, which always holds. Await the value first, then check it`,
          );
        }
      }
      record(Boolean(outcome));
      if (!outcome) allHeld = false;
    }
    return allHeld;
  });
}
