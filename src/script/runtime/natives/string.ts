import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/** Twins of replace and replaceAll with a function (ECMA-262 §22.1.3.19, §22.2.6.11); evaluated in the realm (self-contained). */
export function installStringNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply, tw } = p;
  const symbol = Symbol.replace;
  const includes = String.prototype.includes as unknown as AnyFunction;
  const overrides = p.overridesExec;
  const replaceByExec = p.replaceByExec;
  const nativeRegExpReplace = RegExp.prototype[Symbol.replace] as unknown as AnyFunction;

  /**
   * The engine finds all matches before it asks for the first replacement, so they can be collected first and the
   * replacements asked for afterwards, one by one.
   */
  function* replaceIn(text: string, native: AnyFunction, self: unknown, before: unknown[], replacer: unknown): Steps {
    const matches: unknown[][] = [];
    apply(native, self, [
      ...before,
      (...match: unknown[]) => {
        matches[matches.length] = match;
        return '';
      },
    ]);
    let result = '';
    let end = 0;
    for (const match of matches) {
      const replacement = yield* spec.toText(yield* p.call(replacer, undefined, match));
      const hasGroups = typeof match[match.length - 1] !== 'string';
      const position = match[match.length - (hasGroups ? 3 : 2)] as number;
      if (position < end) continue;
      result += text.slice(end, position) + replacement;
      end = position + (match[0] as string).length;
    }
    return result + text.slice(end);
  }

  function* refuseSingle(pattern: object): Steps {
    const flags = yield* spec.toText(yield* spec.get(pattern, 'flags'));
    if (!apply(includes, flags, ['g'])) throw new TypeError('replaceAll must be called with a global RegExp');
    return undefined;
  }
  const isOverridden = (_self: unknown, args: ArrayLike<unknown>): boolean => overrides(args[0]);
  for (const key of ['replace', 'replaceAll'] as const) {
    spec.define(
      String.prototype,
      key,
      function* (self, args, native) {
        const [pattern, replacer] = [args[0], args[1]];
        if (self === undefined || self === null) return yield* p.invoke(native, self, args);
        if (spec.isObject(pattern)) {
          const method = yield* spec.get(pattern, symbol);
          // An own Symbol.replace of the script's gets the function as it is.
          if (method !== undefined && method !== null && (method !== nativeRegExpReplace || overrides(pattern))) {
            if (tw(method) === undefined) return yield* p.invoke(native, self, args);
            if (key === 'replaceAll' && method === nativeRegExpReplace) yield* refuseSingle(pattern);
            return yield* p.call(method, pattern, [self, replacer]);
          }
        }
        if (tw(replacer) === undefined) return yield* p.invoke(native, self, args);
        const text = yield* spec.toText(self);
        return yield* replaceIn(text, native, text, [pattern], replacer);
      },
      isOverridden,
    );
  }
  spec.define(
    RegExp.prototype,
    symbol,
    function* (self, args, native) {
      if (overrides(self)) return yield* replaceByExec(self as object, args);
      if (tw(args[1]) === undefined) return yield* p.invoke(native, self, args);
      const text = yield* spec.toText(args[0]);
      return yield* replaceIn(text, native, self, [text], args[1]);
    },
    overrides,
  );
}
