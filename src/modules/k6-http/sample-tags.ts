import type { TagSet } from '../../metrics/tag-set.ts';

/** Which system tags the `systemTags` option asks for, as far as HTTP sets them. */
export interface TagMask {
  method: boolean;
  name: boolean;
  url: boolean;
  error: boolean;
  errorCode: boolean;
  proto: boolean;
  tlsVersion: boolean;
  status: boolean;
  expectedResponse: boolean;
  ip: boolean;
}

/** @param systemTags names as the `systemTags` option has them */
export function readTagMask(systemTags: readonly string[]): TagMask {
  const has = (name: string): boolean => systemTags.includes(name);
  return {
    method: has('method'),
    name: has('name'),
    url: has('url'),
    error: has('error'),
    errorCode: has('error_code'),
    proto: has('proto'),
    tlsVersion: has('tls_version'),
    status: has('status'),
    expectedResponse: has('expected_response'),
    ip: has('ip'),
  };
}

/** Texts of errors that a thread puts into tags; each is a series of its own in nine metrics. */
const MOST_ERROR_TEXTS = 200;
const errorTexts = new Set<string>();

/** The text itself, unless there have been so many that some peer must be making them up: `error_code` tells those apart. */
function boundErrorText(text: string): string {
  if (errorTexts.has(text)) return text;
  if (errorTexts.size >= MOST_ERROR_TEXTS) return 'another error';
  errorTexts.add(text);
  return text;
}

/** What the tags of a request's samples tell. */
export interface TaggedOutcome {
  method: string;
  /** Masked; used unless the script gave a name. */
  url: string;
  name: string | null;
  status: number;
  proto: string;
  tlsVersion: string;
  errorCode: number;
  error: string;
  /** Null: no response callback. */
  expected: boolean | null;
  ip: string;
}

/** The tags that a request was given, in order; the list is not changed any more. */
export type OwnTags = readonly (readonly [name: string, value: string])[];

/** A script gives each request tags of its own, which mostly say what those of the request before said. */
function areSame(first: OwnTags | null, second: OwnTags | null): boolean {
  if (first === second) return true;
  if (first === null || second === null || first.length !== second.length) return false;
  for (let index = 0; index < first.length; index++) {
    const a = first[index] as OwnTags[number];
    const b = second[index] as OwnTags[number];
    if (a[0] !== b[0] || a[1] !== b[1]) return false;
  }
  return true;
}

/**
 * The tags of one request: the virtual user's, the request's own, and the system tags over both. The name is the request's, else
 * the virtual user's, else the URL.
 */
export function tagRequest(base: TagSet, own: OwnTags | null, outcome: TaggedOutcome, mask: TagMask): TagSet {
  let tags = base;
  let named: string | null = null;
  if (own !== null) {
    for (const [name, value] of own) {
      if (name === 'name') named = value;
      else tags = tags.with(name, value);
    }
  }
  // A name stands in for the URL too, so that it bounds the number of series.
  named ??= outcome.name ?? base.get('name') ?? null;
  const url = named ?? outcome.url;
  if (mask.method) tags = tags.with('method', outcome.method);
  if (mask.name || named !== null) tags = tags.with('name', url);
  if (mask.url) tags = tags.with('url', url);
  if (mask.proto && outcome.proto !== '') tags = tags.with('proto', outcome.proto);
  if (mask.tlsVersion && outcome.tlsVersion !== '') tags = tags.with('tls_version', outcome.tlsVersion);
  if (mask.status) tags = tags.with('status', String(outcome.status));
  if (mask.errorCode && outcome.errorCode !== 0) tags = tags.with('error_code', String(outcome.errorCode));
  if (mask.error && outcome.error !== '') tags = tags.with('error', boundErrorText(outcome.error));
  if (mask.expectedResponse && outcome.expected !== null)
    tags = tags.with('expected_response', outcome.expected ? 'true' : 'false');
  if (mask.ip && outcome.ip !== '') tags = tags.with('ip', outcome.ip);
  return tags;
}

/**
 * The tag set that a plan's last response had. Nearly every response is tagged like the one before it, so one comparison
 * of numbers spares eight look-ups.
 */
export class LastTags {
  #base: TagSet | null = null;
  #own: OwnTags | null = null;
  #name: string | null = null;
  #status = -1;
  #proto = '';
  #tlsVersion = '';
  #expected: boolean | null = null;
  #tags: TagSet | null = null;

  find(base: TagSet, own: OwnTags | null, outcome: TaggedOutcome): TagSet | null {
    return this.#base === base &&
      this.#name === outcome.name &&
      this.#status === outcome.status &&
      this.#proto === outcome.proto &&
      this.#tlsVersion === outcome.tlsVersion &&
      this.#expected === outcome.expected &&
      outcome.error === '' &&
      areSame(this.#own, own)
      ? this.#tags
      : null;
  }

  keep(base: TagSet, own: OwnTags | null, outcome: TaggedOutcome, tags: TagSet): void {
    if (outcome.error !== '') return;
    this.#base = base;
    this.#own = own;
    this.#name = outcome.name;
    this.#status = outcome.status;
    this.#proto = outcome.proto;
    this.#tlsVersion = outcome.tlsVersion;
    this.#expected = outcome.expected;
    this.#tags = tags;
  }
}
