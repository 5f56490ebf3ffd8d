// `k6/encoding`: base64 (https://grafana.com/docs/k6/latest/javascript-api/k6-encoding/).

import { types } from 'node:util';
import type { Realm } from '../../script/realm-interface.ts';
import type { HostModule } from '../../vu/environment.ts';
import { toRealmBuffer } from '../../vu/script-bytes.ts';

export const encodingModule: HostModule = {
  specifier: 'k6/encoding',
  create({ realm }) {
    const functions = {
      b64encode: realm.hostFunction('b64encode', 2, (input: unknown, variant: unknown) =>
        encodeBase64(toBytes(realm, input), readVariant(variant)),
      ),
      b64decode: realm.hostFunction('b64decode', 3, (input: unknown, variant: unknown, format: unknown) => {
        const bytes = decodeBase64(realm, String(input), readVariant(variant));
        if (format === 's') return bytes.toString('utf8');
        return toRealmBuffer(realm, bytes);
      }),
    };
    const exports = { named: functions };
    return () => exports;
  },
};

type Variant = 'std' | 'rawstd' | 'url' | 'rawurl';

/** What is none of the four is taken as std, as k6 does. */
function readVariant(variant: unknown): Variant {
  return variant === 'rawstd' || variant === 'url' || variant === 'rawurl' ? variant : 'std';
}

function toBytes(realm: Realm, input: unknown): Buffer {
  if (ArrayBuffer.isView(input)) return Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (types.isAnyArrayBuffer(input)) return Buffer.from(input);
  if (typeof input === 'string') return Buffer.from(input, 'utf8');
  throw realm.error(
    'TypeError',
    `invalid type ${input === null ? 'null' : typeof input}, expected string or ArrayBuffer`,
  );
}

function encodeBase64(bytes: Buffer, variant: Variant): string {
  const raw = bytes.toString(variant === 'std' || variant === 'rawstd' ? 'base64' : 'base64url');
  if (variant === 'rawstd') return raw.replace(/=+$/, '');
  return variant === 'url' ? raw.padEnd(Math.ceil(raw.length / 4) * 4, '=') : raw;
}

/** Strict, where Node's own decoder drops what it does not know. */
function decodeBase64(realm: Realm, input: string, variant: Variant): Buffer {
  const text = input.replace(/[\r\n]/g, '');
  const isUrl = variant === 'url' || variant === 'rawurl';
  const bad = (isUrl ? /[^A-Za-z0-9_-]/ : /[^A-Za-z0-9+/]/).exec(text.replace(/={1,2}$/, ''));
  const isPadded = variant === 'std' || variant === 'url';
  const at = bad
    ? bad.index
    : isPadded
      ? text.length % 4
        ? text.length
        : -1
      : text.endsWith('=') || text.length % 4 === 1
        ? text.length
        : -1;
  if (at >= 0) throw realm.error('Error', `illegal base64 data at input byte ${at}`);
  return Buffer.from(text, isUrl ? 'base64url' : 'base64');
}
