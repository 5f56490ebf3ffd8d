import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/**
 * Twins of what regular expressions do by way of an `exec` that the script has replaced (ECMA-262 §22.2.6); evaluated in the
 * realm (self-contained). The engine's own cannot run again: `lastIndex` changes from match to match.
 */
export function installRegExpNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply } = p;
  const { get, set, toText, toInteger } = spec;
  const { getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { species, match, matchAll, search, split } = Symbol;
  const { min, max } = Math;
  const { create, is } = Object;
  const prototype = RegExp.prototype as unknown as Record<PropertyKey, AnyFunction>;
  const nativeExec = prototype['exec'] as AnyFunction;
  const text = String.prototype as unknown as Record<string, AnyFunction>;
  const slice = (s: string, from: number, to: number): string =>
    apply(text['slice'] as AnyFunction, s, [from, to]) as string;
  const includes = (s: string, part: string): boolean => apply(text['includes'] as AnyFunction, s, [part]) as boolean;
  const codePointAt = (s: string, k: number): number => apply(text['codePointAt'] as AnyFunction, s, [k]) as number;

  /** Calls nothing: what cannot be seen without a call is taken to be the script's. */
  const overrides = (value: unknown): boolean => {
    if (!p.armed || !spec.isObject(value)) return false;
    for (let object: object | null = value; object !== null; object = getPrototypeOf(object)) {
      if (p.host.isProxy(object)) return true;
      const descriptor = getOwnPropertyDescriptor(object, 'exec');
      if (descriptor !== undefined) return descriptor.value !== nativeExec;
    }
    return false;
  };
  p.overridesExec = overrides;

  /** RegExpExec */
  function* exec(rx: object, s: string): Steps {
    const own = yield* get(rx, 'exec');
    if (typeof own !== 'function') return yield* p.invoke(nativeExec, rx, [s]);
    const result = yield* p.call(own, rx, [s]);
    if (result !== null && !spec.isObject(result)) throw new TypeError(`${String(result)} is not an object or null`);
    return result;
  }
  function* toLength(value: unknown): Generator<unknown, number, unknown> {
    return min(max(yield* toInteger(value), 0), Number.MAX_SAFE_INTEGER);
  }
  const advance = (s: string, index: number, isUnicode: boolean): number =>
    index + (isUnicode && index + 1 < s.length && codePointAt(s, index) > 0xffff ? 2 : 1);
  const isUnicode = (flags: string): boolean => includes(flags, 'u') || includes(flags, 'v');
  /** After a match of nothing the next begins further on. */
  function* step(rx: object, s: string, flags: string): Steps {
    const index = yield* toLength(yield* get(rx, 'lastIndex'));
    yield* set(rx, 'lastIndex', advance(s, index, isUnicode(flags)));
    return undefined;
  }
  function* speciesOf(rx: object): Steps {
    const C = yield* get(rx, 'constructor');
    if (C === undefined) return RegExp;
    if (!spec.isObject(C)) throw new TypeError('object.constructor[Symbol.species] is not a constructor');
    return (yield* get(C, species)) ?? RegExp;
  }
  /** All matches of a global expression, or the first. */
  function* findAll(rx: object, s: string, flags: string): Generator<unknown, object[], unknown> {
    const results: object[] = [];
    const isGlobal = includes(flags, 'g');
    if (isGlobal) yield* set(rx, 'lastIndex', 0);
    for (;;) {
      const result = (yield* exec(rx, s)) as object | null;
      if (result === null) return results;
      results[results.length] = result;
      if (!isGlobal) return results;
      if ((yield* toText(yield* get(result, '0'))) === '') yield* step(rx, s, flags);
    }
  }

  const define = (key: PropertyKey, steps: (rx: object, args: ArrayLike<unknown>) => Steps): void =>
    spec.define(prototype, key, (self, args) => steps(self as object, args), overrides);

  define('test', function* (rx, args) {
    return (yield* exec(rx, yield* toText(args[0]))) !== null;
  });
  define(match, function* (rx, args) {
    const s = yield* toText(args[0]);
    const flags = yield* toText(yield* get(rx, 'flags'));
    const results = yield* findAll(rx, s, flags);
    if (results.length === 0) return null;
    if (!includes(flags, 'g')) return results[0];
    const found: string[] = [];
    for (let i = 0; i < results.length; i++) found[i] = yield* toText(yield* get(results[i] as object, '0'));
    return found;
  });
  define(search, function* (rx, args) {
    const s = yield* toText(args[0]);
    const before = yield* get(rx, 'lastIndex');
    if (!is(before, 0)) yield* set(rx, 'lastIndex', 0);
    const result = (yield* exec(rx, s)) as object | null;
    if (!is(yield* get(rx, 'lastIndex'), before)) yield* set(rx, 'lastIndex', before);
    return result === null ? -1 : yield* get(result, 'index');
  });
  define(split, function* (rx, args) {
    const s = yield* toText(args[0]);
    const C = yield* speciesOf(rx);
    const flags = yield* toText(yield* get(rx, 'flags'));
    const splitter = (yield* p.construct(C, [rx, includes(flags, 'y') ? flags : `${flags}y`])) as object;
    const limit = args[1] === undefined ? 2 ** 32 - 1 : (yield* spec.toNumber(args[1])) >>> 0;
    const parts: unknown[] = [];
    if (limit === 0) return parts;
    if (s.length === 0) {
      if ((yield* exec(splitter, s)) === null) parts[0] = s;
      return parts;
    }
    let from = 0;
    for (let at = 0; at < s.length; ) {
      yield* set(splitter, 'lastIndex', at);
      const result = (yield* exec(splitter, s)) as object | null;
      const end = result === null ? from : min(yield* toLength(yield* get(splitter, 'lastIndex')), s.length);
      if (result === null || end === from) {
        at = advance(s, at, isUnicode(flags));
        continue;
      }
      parts[parts.length] = slice(s, from, at);
      if (parts.length === limit) return parts;
      from = end;
      at = end;
      const count = yield* spec.lengthOf(result);
      for (let i = 1; i < count; i++) {
        parts[parts.length] = yield* get(result, i);
        if (parts.length === limit) return parts;
      }
    }
    parts[parts.length] = slice(s, from, s.length);
    return parts;
  });
  const iteratorPrototype = getPrototypeOf(''.matchAll(/./g));
  define(matchAll, function* (rx, args) {
    const s = yield* toText(args[0]);
    const C = yield* speciesOf(rx);
    const flags = yield* toText(yield* get(rx, 'flags'));
    const matcher = (yield* p.construct(C, [rx, flags])) as object;
    yield* set(matcher, 'lastIndex', yield* toLength(yield* get(rx, 'lastIndex')));
    let done = false;
    const next = spec.make('next', 0, function* () {
      const result = done ? null : ((yield* exec(matcher, s)) as object | null);
      if (result === null) done = true;
      else if (!includes(flags, 'g')) done = true;
      else if ((yield* toText(yield* get(result, '0'))) === '') yield* step(matcher, s, flags);
      return result === null ? { value: undefined, done: true } : { value: result, done: false };
    });
    return create(iteratorPrototype, { next: { value: next, writable: true, configurable: true } }) as object;
  });

  /** GetSubstitution */
  const substitute = (
    template: string,
    found: string,
    s: string,
    position: number,
    captures: unknown[],
    named: unknown,
  ): string => {
    const part = /\$(?:\$|&|`|'|(\d\d?)|<([^>]*)>)/g;
    return apply(text['replace'] as AnyFunction, template, [
      part,
      (whole: string, digits: string | undefined, name: string | undefined) => {
        if (whole === '$$') return '$';
        if (whole === '$&') return found;
        if (whole === '$`') return slice(s, 0, position);
        if (whole === "$'") return slice(s, min(position + found.length, s.length), s.length);
        if (name !== undefined) {
          if (named === undefined) return whole;
          const value = (named as Record<string, unknown>)[name];
          return value === undefined ? '' : `${value as string}`;
        }
        const two = +(digits as string);
        if (two >= 1 && two <= captures.length) return `${(captures[two - 1] ?? '') as string}`;
        const one = +(digits as string)[0]!;
        if ((digits as string).length === 2 && one >= 1 && one <= captures.length)
          return `${(captures[one - 1] ?? '') as string}${(digits as string)[1]}`;
        return whole;
      },
    ]) as string;
  };
  p.replaceByExec = function* (rx, args) {
    const s = yield* toText(args[0]);
    const isFunction = typeof args[1] === 'function';
    const template = isFunction ? '' : yield* toText(args[1]);
    const flags = yield* toText(yield* get(rx, 'flags'));
    const results = yield* findAll(rx, s, flags);
    let made = '';
    let end = 0;
    for (let i = 0; i < results.length; i++) {
      const result = results[i] as object;
      const count = yield* spec.lengthOf(result);
      const found = yield* toText(yield* get(result, '0'));
      const position = max(min(yield* toInteger(yield* get(result, 'index')), s.length), 0);
      const captures: unknown[] = [];
      for (let n = 1; n < count; n++) {
        const capture = yield* get(result, n);
        captures[n - 1] = capture === undefined ? undefined : yield* toText(capture);
      }
      const named = yield* get(result, 'groups');
      let replacement: string;
      if (isFunction) {
        const list: unknown[] = [found];
        for (let n = 0; n < captures.length; n++) list[n + 1] = captures[n];
        list[list.length] = position;
        list[list.length] = s;
        if (named !== undefined) list[list.length] = named;
        replacement = yield* toText(yield* p.call(args[1], undefined, list));
      } else replacement = substitute(template, found, s, position, captures, named);
      if (position < end) continue;
      made += slice(s, end, position) + replacement;
      end = position + found.length;
    }
    return made + slice(s, end, s.length);
  };

  // The methods of strings hand over to the expression's own.
  for (const [key, symbol] of [
    ['match', match],
    ['matchAll', matchAll],
    ['search', search],
    ['split', split],
  ] as const) {
    spec.define(
      String.prototype,
      key,
      function* (self, args, native) {
        if (self === undefined || self === null) return yield* p.invoke(native, self, args);
        const method = yield* get(args[0] as object, symbol);
        if (typeof method !== 'function') return yield* p.invoke(native, self, args);
        return yield* p.call(method, args[0], [self, args[1]]);
      },
      (_self, args) => overrides(args[0]),
    );
  }
}
