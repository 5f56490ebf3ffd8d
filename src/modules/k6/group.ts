// group(name, fn): tags everything measured within with the group's path, and measures how long it takes.
import { systemTagFlags } from '../../options/system-tag-flags.ts';
import type { RealmFunction } from '../../script/realm-interface.ts';
import { HostScope } from '../../script/runtime/host-steps.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { refuseSeparator } from './path-separator.ts';

/** `group` of the realm; gives what the function returns. */
export function createGroup(environment: VuEnvironment): RealmFunction {
  const { realm } = environment;
  return realm.steppedFunction('group', 2, (_self, { 0: givenName, 1: fn }) => {
    const vu = realm.vu as VirtualUser;
    vu.forbidInit('using group()');
    const name = String(givenName);
    refuseSeparator(realm, name);
    if (typeof fn !== 'function') throw realm.error('TypeError', 'group() requires a callback as a second argument');
    if (Object.prototype.toString.call(fn) === '[object AsyncFunction]') throw refuseAsync();
    return new GroupScope(environment, vu, name, fn);
  });

  function refuseAsync(): Error {
    return realm.error(
      'TypeError',
      'group() does not support async functions as arguments: what they do after their first await would count to no group. Please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more information',
    );
  }
}

/** A virtual user within a group. */
class GroupScope extends HostScope {
  readonly #environment: VuEnvironment;
  readonly #vu: VirtualUser;
  /** The path of the group around. */
  readonly #outer: string;
  readonly #start: number;

  constructor(environment: VuEnvironment, vu: VirtualUser, name: string, fn: unknown) {
    super(fn);
    this.#environment = environment;
    this.#vu = vu;
    this.#outer = vu.group;
    this.#start = environment.now();
    this.#enter(`${vu.group}::${name}`);
  }

  leave(): void {
    const { samples, metrics } = this.#environment;
    const end = this.#environment.now();
    samples.add(metrics.group_duration, this.#vu.tags, end - this.#start, end);
    this.#enter(this.#outer);
  }

  #enter(path: string): void {
    const vu = this.#vu;
    vu.group = path;
    if (systemTagFlags(this.#environment.options.systemTags).group) vu.tags = vu.tags.with('group', path);
  }
}
