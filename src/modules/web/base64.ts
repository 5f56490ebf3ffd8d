// `atob` and `btoa` (HTML section 8.3).
import type { Realm, RealmFunction } from '../../script/realm-interface.ts';
import { toText } from '../../vu/to-text.ts';
import { domExceptionOf } from './dom-exception.ts';
import { oncePerRealm } from './once-per-realm.ts';

/** Both functions of a realm. */
export const createBase64Functions: (realm: Realm) => Record<'atob' | 'btoa', RealmFunction> = oncePerRealm((realm) => {
  const invalid = (message: string): Error => domExceptionOf(realm).create(message, 'InvalidCharacterError');
  const requireOne = (name: string, given: number): void => {
    if (given === 0) throw realm.error('TypeError', `${name}() requires a text`);
  };
  return {
    btoa: realm.hostFunction('btoa', 1, (...args: unknown[]) => {
      requireOne('btoa', args.length);
      const text = toText(args[0]);
      if (/[^\0-\xff]/.test(text))
        throw invalid(
          "btoa() takes characters up to U+00FF only; for other text use encoding.b64encode() of 'k6/encoding'",
        );
      return Buffer.from(text, 'latin1').toString('base64');
    }),
    atob: realm.hostFunction('atob', 1, (...args: unknown[]) => {
      requireOne('atob', args.length);
      const packed = toText(args[0]).replace(/[\t\n\f\r ]/g, '');
      const digits = packed.length % 4 === 0 ? packed.replace(/={1,2}$/, '') : packed;
      if (digits.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(digits))
        throw invalid('atob() was given a text that is not Base64');
      return Buffer.from(digits, 'base64').toString('latin1');
    }),
  };
});
