// Options about TLS: k6 names versions as Go does, Node as OpenSSL does.

import { CIPHER_SUITES } from '../wire/net/cipher-suites.ts';
import { nodeTls } from '../wire/net/node-tls.ts';
import type { JsonReader } from './json-reader.ts';
import { inJson, listThat, type ValueForm } from './value-forms.ts';

/** TLS versions by the names that Node's `minVersion` and `maxVersion` take. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A client certificate. */
export interface TlsAuth {
  /** PEM. */
  readonly cert: string;
  /** PEM, possibly encrypted. */
  readonly key: string;
  readonly password: string | null;
  /** Host names (leading `*.` allowed) it is offered to; empty: every host. */
  readonly domains: readonly string[];
}

/** Versions as scripts name them; null for no limit. */
interface TlsVersionSettings {
  readonly min: string | null;
  readonly max: string | null;
}

/** The versions that connections may speak; null for no limit. */
export interface TlsVersionRange {
  readonly min: TlsVersion | null;
  readonly max: TlsVersion | null;
}

const VERSIONS: Readonly<Record<string, TlsVersion>> = {
  'tls1.0': 'TLSv1',
  'tls1.1': 'TLSv1.1',
  'tls1.2': 'TLSv1.2',
  'tls1.3': 'TLSv1.3',
};

/** Names of CIPHER_SUITES. */
export const CIPHERS: ValueForm<readonly string[]> = listThat((suite) => {
  if (!CIPHER_SUITES.includes(suite))
    throw new Error(`tlsCipherSuites has the unknown suite "${suite}": there are ${CIPHER_SUITES.join(', ')}`);
});

/** One version, or `{ min, max }`. */
export const TLS_VERSION: ValueForm<TlsVersionSettings> = inJson(readTlsVersion, ({ min, max }) => ({ min, max }));

export const TLS_AUTH: ValueForm<readonly TlsAuth[]> = inJson(readTlsAuth);

/** @returns the range by Node's names */
export function resolveTlsVersion({ min, max }: TlsVersionSettings): TlsVersionRange {
  return { min: min === null ? null : VERSIONS[min], max: max === null ? null : VERSIONS[max] };
}

function readTlsVersion(reader: JsonReader): TlsVersionSettings {
  const read = (r: JsonReader): string | null =>
    r.missing || r.value === '' ? null : r.readChoice(Object.keys(VERSIONS));
  if (typeof reader.value === 'string') {
    const version = read(reader);
    return { min: version, max: version };
  }
  reader.ignoreOthers(['min', 'max']);
  const range = { min: read(reader.field('min')), max: read(reader.field('max')) };
  if (range.min !== null && range.max !== null && range.min > range.max)
    throw new Error(`tlsVersion has a min (${range.min}) above its max (${range.max})`);
  return range;
}

function readTlsAuth(reader: JsonReader): TlsAuth[] {
  const list = reader.readList((item): TlsAuth => {
    item.ignoreOthers(['cert', 'key', 'password', 'domains']);
    const password = item.field('password');
    const domains = item.field('domains');
    return {
      cert: item.field('cert').readString(),
      key: item.field('key').readString(),
      password: password.missing ? null : password.readString(),
      domains: domains.missing ? [] : domains.readStringList(),
    };
  });
  list.forEach(checkTlsAuth);
  return list;
}

/** @throws Error when the certificate, its key and its password don't fit together */
function checkTlsAuth({ cert, key, password }: TlsAuth, index: number): void {
  try {
    nodeTls().createSecureContext({ cert, key, ...(password === null ? {} : { passphrase: password }) });
  } catch (error) {
    throw new Error(`tlsAuth[${index}] cannot be used: ${(error as Error).message}`);
  }
}
