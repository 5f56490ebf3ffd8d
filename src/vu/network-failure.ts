// What becomes of a failure of the wire: tags of a sample, an example for the summary, an error of the script's.
import type { Protocol } from '../metrics/sample-batch.ts';
import type { TagSet } from '../metrics/tag-set.ts';
import type { Realm } from '../script/realm-interface.ts';
import type { WireError } from '../wire/net/wire-error.ts';
import type { VuEnvironment } from './environment.ts';
import { namedTimings, noteFailure, remoteOf } from './note-failure.ts';

/**
 * Keeps an example of the failure for the summary.
 * @returns the tags with `error_code` and `error`, as far as `systemTags` has them
 */
export function tagFailure(environment: VuEnvironment, tags: TagSet, protocol: Protocol, error: WireError): TagSet {
  noteFailure(environment, protocol, error, () => ({
    target: tags.get('name') ?? tags.get('url') ?? '',
    scenario: tags.get('scenario') ?? '',
    group: tags.get('group') ?? '',
    remote: remoteOf(error),
    timings: error.timings === null ? [] : namedTimings(error.timings),
  }));
  const { systemTags } = environment.options;
  let all = tags;
  if (systemTags.includes('error_code')) all = all.with('error_code', String(error.code));
  if (systemTags.includes('error')) all = all.with('error', error.kind);
  return all;
}

/** An error to throw to a script, or to reject with: the code of the catalogue is its `error_code`. */
export function toScriptError(realm: Realm, error: WireError): Error {
  return realm.error('Error', error.message, { error_code: error.code });
}
