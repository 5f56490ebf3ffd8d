// `DOMException` (WebIDL section 2.8): the errors of the web, told apart by their names.
import type { Realm, RealmFunction } from '../../script/realm-interface.ts';
import { oncePerRealm } from './once-per-realm.ts';

/** Evaluated in the realm: an Error with a stack of the script's. */
const SOURCE = `(function (legacy) {
  'use strict';
  const define = Object.defineProperty;
  const codes = { __proto__: null };
  for (let i = 0; i < legacy.length; i++) if (legacy[i] !== '') codes[legacy[i]] = i + 1;
  const hide = (value) => ({ __proto__: null, value, writable: true, configurable: true, enumerable: false });
  class DOMException extends Error {
    constructor(message = '', options = 'Error') {
      super(\`\${message}\`);
      const isObject = typeof options === 'object' && options !== null;
      const name = isObject ? options.name ?? 'Error' : options;
      define(this, 'name', hide(\`\${name}\`));
      if (isObject && 'cause' in options) define(this, 'cause', hide(options.cause));
    }
    get code() { return codes[this.name] ?? 0; }
  }
  for (const name in codes) {
    const constant = name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() + '_ERR';
    const fixed = { __proto__: null, value: codes[name], writable: false, configurable: false, enumerable: true };
    define(DOMException, constant, fixed);
    define(DOMException.prototype, constant, fixed);
  }
  define(DOMException.prototype, Symbol.toStringTag, { __proto__: null, value: 'DOMException', configurable: true });
  return DOMException;
})`;

/** The names with a number, from 1; the standard has dropped some. */
const LEGACY_NAMES =
  'IndexSizeError,,HierarchyRequestError,WrongDocumentError,InvalidCharacterError,,NoModificationAllowedError,NotFoundError,NotSupportedError,InUseAttributeError,InvalidStateError,SyntaxError,InvalidModificationError,NamespaceError,InvalidAccessError,,TypeMismatchError,SecurityError,NetworkError,AbortError,URLMismatchError,QuotaExceededError,TimeoutError,InvalidNodeTypeError,DataCloneError'.split(
    ',',
  );

interface DomExceptionClass {
  readonly constructor: RealmFunction;
  create(message: string, name: string): Error;
  is(value: Error): boolean;
}

/** The class of a realm. */
export const domExceptionOf: (realm: Realm) => DomExceptionClass = oncePerRealm((realm) => {
  const make = realm.evaluate(SOURCE) as (names: unknown) => new (message: string, name: string) => Error;
  const DOMException = make(realm.fromHost(LEGACY_NAMES));
  return {
    constructor: DOMException as unknown as RealmFunction,
    create: (message, name) => new DOMException(message, name),
    is: (value) => value instanceof DOMException,
  };
});
