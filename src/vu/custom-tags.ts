// Tags that a script gives to a call: `{ kind: 'a', size: 3 }`.
import type { TagSet } from '../metrics/tag-set.ts';
import type { Realm } from '../script/realm-interface.ts';

/**
 * The text of a tag's value.
 * @throws for anything but text, numbers and booleans, as k6 does
 */
export function toTagValue(realm: Realm, key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw realm.error(
    'TypeError',
    `invalid value for metric tag '${key}': only String, Boolean and Number types are accepted as a metric tag value`,
  );
}

/**
 * `tags` with those of a script's object added, over equal names.
 * @param given an object of the script; null and undefined are no tags
 * @throws for a value that cannot be one
 */
export function addCustomTags(realm: Realm, tags: TagSet, given: unknown): TagSet {
  if (given === undefined || given === null) return tags;
  if (typeof given !== 'object') throw realm.error('TypeError', 'tags must be an object of names and values');
  let result = tags;
  for (const key of Object.keys(given)) {
    result = result.with(key, toTagValue(realm, key, (given as Record<string, unknown>)[key]));
  }
  return result;
}
