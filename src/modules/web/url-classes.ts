// `URL` and `URLSearchParams` (https://url.spec.whatwg.org): the parser is Node's, and what scripts see is text.
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostImpl, HostMember, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { addBodyReader } from '../../vu/object-bodies.ts';
import { toText } from '../../vu/to-text.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { makeIterable } from './pair-collection.ts';
import { defineTag, readPairs } from './script-methods.ts';

interface UrlState {
  readonly url: URL;
  /** The script's object for the query, once it has asked. */
  params: object | null;
}

interface UrlClasses {
  readonly URL: RealmFunction;
  readonly URLSearchParams: RealmFunction;
  /** Null for what is no URLSearchParams. */
  paramsOf(value: unknown): URLSearchParams | null;
}

/** Parts of a URL that are read and written as text. */
const PARTS = ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

/** Both classes of a realm. */
export const urlClassesOf: (realm: Realm) => UrlClasses = oncePerRealm((realm) => {
  const { paramsOf, showParams, constructor: URLSearchParams } = createSearchParamsClass(realm);
  const states = createAttachedState<UrlState>();
  const own = (self: unknown): UrlState => {
    const state = states.of(self);
    if (state === null) throw new TypeError('this is not a URL');
    return state;
  };
  const parse = (input: unknown, base: unknown): URL | null => {
    const text = toText(input);
    return base === undefined ? URL.parse(text) : URL.parse(text, toText(base));
  };
  const getters: Record<string, HostImpl> = {
    href(this: unknown) {
      return own(this).url.href;
    },
    origin(this: unknown) {
      return own(this).url.origin;
    },
    searchParams(this: unknown) {
      const state = own(this);
      state.params ??= showParams(state.url.searchParams);
      return state.params;
    },
  };
  const setters: Record<string, HostImpl> = {
    href(this: unknown, value: unknown) {
      const { url } = own(this);
      const text = toText(value);
      if (!URL.canParse(text)) throw invalidUrl(text, undefined);
      url.href = text;
    },
  };
  for (const part of PARTS) {
    getters[part] = function (this: unknown) {
      return own(this).url[part];
    };
    setters[part] = function (this: unknown, value: unknown) {
      own(this).url[part] = toText(value);
    };
  }
  const text: HostMember = {
    length: 0,
    impl(this: unknown) {
      return own(this).url.href;
    },
  };
  const urls = realm.hostClass({
    name: 'URL',
    length: 1,
    construct(self, args) {
      if (args.length === 0) throw new TypeError('new URL() requires an address');
      const { 0: input, 1: base } = args;
      const given = toText(input);
      const url = parse(given, base);
      if (url === null) throw invalidUrl(given, base);
      states.attach(self, { url, params: null });
    },
    getters,
    setters,
    methods: { toString: text, toJSON: text },
    statics: {
      canParse: { length: 1, impl: (input: unknown, base: unknown) => parse(input, base) !== null },
      parse: {
        length: 1,
        impl(input: unknown, base: unknown) {
          const url = parse(input, base);
          if (url === null) return null;
          const shown = urls.create();
          states.attach(shown, { url, params: null });
          return shown;
        },
      },
    },
  });
  defineTag(urls.prototype, 'URL');
  return { URL: urls.constructor, URLSearchParams, paramsOf };
});

function invalidUrl(input: string, base: unknown): TypeError {
  return new TypeError(
    `Invalid URL: ${JSON.stringify(input)}${base === undefined ? '' : ` with the base ${JSON.stringify(String(base))}`}`,
  );
}

interface SearchParamsClass {
  readonly constructor: RealmFunction;
  paramsOf(value: unknown): URLSearchParams | null;
  showParams(params: URLSearchParams): object;
}

function createSearchParamsClass(realm: Realm): SearchParamsClass {
  const states = createAttachedState<URLSearchParams>();
  const own = (self: unknown): URLSearchParams => {
    const params = states.of(self);
    if (params === null) throw new TypeError('this is not a URLSearchParams');
    return params;
  };
  const requireArguments = (args: readonly unknown[], count: number, name: string): void => {
    if (args.length < count) throw new TypeError(`${name}() requires ${count === 1 ? 'a name' : 'a name and a value'}`);
  };
  const read = (given: unknown): URLSearchParams => {
    const other = states.of(given);
    if (other !== null) return new URLSearchParams(other);
    if ((typeof given === 'object' && given !== null) || typeof given === 'function')
      return new URLSearchParams(readPairs(realm, given, 'new URLSearchParams()'));
    return given === undefined ? new URLSearchParams() : new URLSearchParams(toText(given));
  };
  const method = (
    name: string,
    length: number,
    act: (params: URLSearchParams, args: string[]) => unknown,
  ): HostMember => ({
    length,
    impl(this: unknown, ...args: unknown[]) {
      const params = own(this);
      requireArguments(args, length, name);
      return act(
        params,
        args.filter((value, i) => i < length || value !== undefined).map((value) => toText(value)),
      );
    },
  });
  const made = realm.hostClass({
    name: 'URLSearchParams',
    length: 0,
    construct(self, { 0: given }) {
      states.attach(self, read(given));
    },
    getters: {
      size(this: unknown) {
        return own(this).size;
      },
    },
    methods: {
      append: method('append', 2, (params, [name, value]) => params.append(name!, value!)),
      delete: method('delete', 1, (params, [name, value]) => params.delete(name!, value)),
      get: method('get', 1, (params, [name]) => params.get(name!)),
      getAll: method('getAll', 1, (params, [name]) => realm.fromHost(params.getAll(name!))),
      has: method('has', 1, (params, [name, value]) => params.has(name!, value)),
      set: method('set', 2, (params, [name, value]) => params.set(name!, value!)),
      sort: {
        length: 0,
        impl(this: unknown) {
          own(this).sort();
        },
      },
      toString: {
        length: 0,
        impl(this: unknown) {
          return own(this).toString();
        },
      },
    },
  });
  makeIterable(realm, 'URLSearchParams', made, (self) => [...own(self)]);
  addBodyReader(realm, (value) => {
    const params = states.of(value);
    return params && { bytes: Buffer.from(params.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  });
  return {
    constructor: made.constructor,
    paramsOf: (value) => states.of(value),
    showParams(params) {
      const shown = made.create();
      states.attach(shown, params);
      return shown;
    },
  };
}
