// Tags of samples: those that a user adds to all of them, and those that samples get by themselves (k6 page "Tags and groups").
import { suggestName } from './closest-name.ts';
import { splitList, type ValueForm } from './value-forms.ts';

/** System tags in the order in which k6 lists them. */
const SYSTEM_TAG_NAMES: readonly string[] = [
  'proto',
  'subproto',
  'status',
  'method',
  'url',
  'name',
  'group',
  'check',
  'error',
  'error_code',
  'tls_version',
  'scenario',
  'service',
  'expected_response',
  'iter',
  'vu',
  'ocsp_status',
  'ip',
];
/** Those that samples get only where an option names them. */
export const OPT_IN_TAGS = ['iter', 'vu', 'ocsp_status', 'ip'];

export const DEFAULT_SYSTEM_TAGS: readonly string[] = SYSTEM_TAG_NAMES.filter((tag) => !OPT_IN_TAGS.includes(tag));

/** System tags that nobody knows are left out, the others come in k6's order. */
function orderSystemTags(tags: readonly string[]): readonly string[] {
  return SYSTEM_TAG_NAMES.filter((tag) => tags.includes(tag));
}

export const SYSTEM_TAGS: ValueForm<readonly string[]> = {
  fromJson: (r) => orderSystemTags(r.readKnownStrings(SYSTEM_TAG_NAMES)),
  fromText: splitList,
  join: (before, next) => [...before, ...next],
  sift: (tags, ignore) => {
    for (const tag of new Set(tags))
      if (!SYSTEM_TAG_NAMES.includes(tag))
        ignore(`has an unknown "${tag}"${suggestName(tag, SYSTEM_TAG_NAMES)}; it is ignored`);
    return orderSystemTags(tags);
  },
  show: (tags) => [...tags].sort(),
};

/** In a variable `key:value,key2:value2`, behind each flag one `key=value`. */
export const TAGS: ValueForm<Readonly<Record<string, string>>> = {
  fromJson: (r) => r.readStringMap(),
  fromText: parseTags,
  fromFlag: parseTagFlag,
  join: (before, next) => ({ ...before, ...next }),
  show: (tags) => tags,
};

function parseTags(text: string): Record<string, string> {
  return Object.fromEntries(
    splitList(text).map((item) => {
      const at = item.indexOf(':');
      if (at < 1) throw new Error(`the tag "${item}" must have the form name:value`);
      return [item.slice(0, at), item.slice(at + 1)];
    }),
  );
}

function parseTagFlag(text: string): Record<string, string> {
  const at = text.indexOf('=');
  if (text === '') throw new Error('a tag must have the form name=value');
  if (at < 1 || at === text.length - 1) throw new Error(`the tag "${text}" must have a name and a value: name=value`);
  return { [text.slice(0, at)]: text.slice(at + 1) };
}
