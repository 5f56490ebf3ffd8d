// '::' parts the names in the path of a group or check, so no name may hold it.
import type { Realm } from '../../script/realm-interface.ts';

/** @throws for a name with '::' in it */
export function refuseSeparator(realm: Realm, name: string): void {
  if (name.includes('::')) throw realm.error('Error', `group and check names may not contain '::': "${name}"`);
}
