import type { Protocol } from './protocol.ts';
import type { AnyFunction } from './twin-call.ts';

/**
 * `f.toString()` as the script's author expects it; evaluated in the realm (self-contained). Compiled functions carry a
 * comment that tells the program and the range of their source text, `/*$$1a2b:120:164*\/`, which costs nothing until
 * somebody asks. What is not the script's shows `[native code]`.
 */
export function installSourceText(p: Protocol): void {
  const { apply, tw } = p;
  interface Source {
    readonly text: () => string;
    readonly original: ((text: string, start: number) => string | undefined) | undefined;
  }
  const nativeToString = Function.prototype.toString as AnyFunction;
  const natives = new p.WeakSet<object>();
  /** Bodies of functions that have no twin, or one that is not made from their text: generators. */
  const bodies = new p.WeakMap<object, object>();
  const sources: Record<string, Source> = Object.create(null);
  const { indexOf, slice } = String.prototype;
  const find = (text: string, wanted: string, from: number): number =>
    apply(indexOf as AnyFunction, text, [wanted, from]) as number;
  const part = (text: string, from: number, to: number): string =>
    apply(slice as AnyFunction, text, [from, to]) as string;

  /** Whether a value is a function that carries such a comment with these words. */
  p.isMarked = (f, mark) =>
    typeof f === 'function' && find(apply(nativeToString, f, []) as string, `/*${mark}*/`, 0) >= 0;
  p.native = <T>(f: T): T => {
    natives.add(f as object);
    return f;
  };
  p.bodyOf = (f, body) => {
    bodies.set(f, body);
  };
  /** Told by a compiled module: how to get at its source text; what the author wrote, the host knows. */
  p.source = (program, text) => {
    sources[program] = { text, original: p.originalText };
  };

  /** The source text that the outermost comment names: functions inside have comments of their own. */
  const userText = (compiled: string): string | undefined => {
    let start = Infinity;
    let end = 0;
    let source: Source | undefined;
    // By hand, with methods of our own: those that a regular expression calls a script may have replaced.
    for (let at = find(compiled, '/*$', 0); at >= 0; at = find(compiled, '/*$', at + 3)) {
      const close = find(compiled, '*/', at);
      const first = find(compiled, ':', at);
      const second = first < 0 ? -1 : find(compiled, ':', first + 1);
      if (close < 0 || second < 0 || second > close) continue;
      const named = sources[part(compiled, at + 2, first)];
      const from = +part(compiled, first + 1, second);
      if (named === undefined || !(from < start)) continue;
      source = named;
      start = from;
      end = +part(compiled, second + 1, close);
    }
    if (source === undefined) return undefined;
    const text = source.text();
    return source.original?.(text, start) ?? part(text, start, end);
  };

  /** As many as a library asks for again and again. */
  const KEPT = 500;
  const authored = new p.Map<string, string>();
  /**
   * What the author wrote for a function that stands in compiled code as the bundler has printed it, without a comment. It is found
   * by its text; where that stands several times, only if the author wrote the same each time.
   */
  const authorsText = (printed: string): string => {
    let found = authored.get(printed);
    if (found !== undefined) return found;
    for (const program in sources) {
      const { text, original } = sources[program] as Source;
      if (original === undefined) continue;
      const whole = text();
      for (let at = find(whole, printed, 0); at >= 0; at = find(whole, printed, at + 1)) {
        const one = original(whole, at);
        // Where no function begins, it is a part of something else.
        if (one === undefined) continue;
        if (found !== undefined && found !== one) return printed;
        found = one;
      }
    }
    found ??= printed;
    if (authored.size >= KEPT) authored.clear();
    authored.set(printed, found);
    return found;
  };

  const methods = {
    toString(this: unknown): string {
      const text = apply(nativeToString, this, []) as string;
      const f = this as AnyFunction;
      if (natives.has(f)) return `function ${f.name}() { [native code] }`;
      const body = bodies.get(f) ?? tw(f);
      // An accessor that has been given a twin has its own text nonetheless.
      const own = userText(text);
      if (own !== undefined) return own;
      if (body === undefined) return authorsText(text);
      return userText(apply(nativeToString, body, []) as string) ?? text;
    },
  };
  Object.defineProperty(Function.prototype, 'toString', {
    value: p.native(methods.toString),
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
