import type { AnyFunction, Protocol, Steps } from '../protocol.ts';
import type { Spec } from './spec.ts';

/** Twins of replace and replaceAll with a function (ECMA-262 §22.1.3.19, §22.2.6.11); evaluated in the realm (self-contained). */
export function installStringNatives(p: Protocol): void {
  const spec = p['spec'] as Spec;
  const { apply, tw } = p;
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
      const replacement = String(yield* p.call(replacer, undefined, match));
      const hasGroups = typeof match[match.length - 1] !== 'string';
      const position = match[match.length - (hasGroups ? 3 : 2)] as number;
      if (position < end) continue;
      result += text.slice(end, position) + replacement;
      end = position + (match[0] as string).length;
    }
    return result + text.slice(end);
  }

  for (const key of ['replace', 'replaceAll'] as const) {
    spec.define(String.prototype, key, function* (self, args, native) {
      const [pattern, replacer] = [args[0], args[1]];
      if (self === undefined || self === null) return apply(native, self, args);
      if (spec.isObject(pattern)) {
        const method = (pattern as unknown as Record<PropertyKey, unknown>)[Symbol.replace];
        // An own Symbol.replace of the script's gets the function as it is.
        if (method !== undefined && method !== nativeRegExpReplace) {
          if (tw(method) === undefined) return apply(native, self, args);
          return yield* p.call(method, pattern, [self, replacer]);
        }
      }
      if (tw(replacer) === undefined) return apply(native, self, args);
      const text = String(self);
      return yield* replaceIn(text, native, text, [pattern], replacer);
    });
  }
  spec.define(RegExp.prototype, Symbol.replace, function* (self, args, native) {
    if (tw(args[1]) === undefined) return apply(native, self, args);
    const text = String(args[0]);
    return yield* replaceIn(text, native, self, [text], args[1]);
  });
}
