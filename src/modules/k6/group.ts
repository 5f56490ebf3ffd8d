// group(name, fn): tags everything measured within with the group's path, and measures how long it takes.
import type { HostSteps, RealmFunction } from '../../script/realm-interface.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { refuseSeparator } from './path-separator.ts';

/** `group` of the realm; gives what the function returns. */
export function createGroup(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  return realm.steppedFunction('group', 2, function* (_self, [givenName, fn]): HostSteps {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('using group()');
    const name = String(givenName);
    refuseSeparator(realm, name);
    if (typeof fn !== 'function') throw realm.error('TypeError', 'group() requires a callback as a second argument');
    if (Object.prototype.toString.call(fn) === '[object AsyncFunction]') throw refuseAsync();

    const enter = (path: string): void => {
      vu.group = path;
      if (environment.options.systemTags.includes('group')) vu.tags = vu.tags.with('group', path);
    };
    const outer = vu.group;
    const start = environment.now();
    enter(`${outer}::${name}`);
    try {
      return yield { fn, args: [] };
    } finally {
      const end = environment.now();
      environment.samples.add(environment.metrics.group_duration, vu.tags, end - start, end);
      enter(outer);
    }
  });

  function refuseAsync(): Error {
    return realm.error(
      'TypeError',
      'group() does not support async functions as arguments: what they do after their first await would count to no group. Please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more information',
    );
  }
}
