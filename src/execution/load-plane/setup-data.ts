// What setup returns reaches every virtual user as JSON.
import type { Realm } from '../../script/realm-interface.ts';

/**
 * @param data of the script's realm
 * @returns JSON text; undefined for undefined
 * @throws Error where there is something that JSON cannot hold: better than data that silently differs
 */
export function serialiseSetupData(realm: Realm, data: unknown): string | undefined {
  if (data === undefined) return undefined;
  return realm.intrinsics.JSON.stringify(data, (key: string, value: unknown) => {
    if (typeof value === 'function') throw unserialisable(key, 'a function');
    if (typeof value === 'number' && !Number.isFinite(value)) throw unserialisable(key, String(value));
    // Kept as null rather than dropped, as k6 does: the key stays visible.
    return value === undefined ? null : value;
  });
}

function unserialisable(key: string, what: string): Error {
  const where = key === '' ? '' : ` ("${key}")`;
  return new Error(`setup() returned data that JSON cannot hold: ${what}${where}; return plain values only`);
}
