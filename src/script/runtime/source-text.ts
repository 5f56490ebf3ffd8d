import type { AnyFunction, Protocol } from './protocol.ts';

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
  /** Bodies of functions that have no twin: generators. */
  const bodies = new p.WeakMap<object, object>();
  const sources: Record<string, Source> = Object.create(null);
  const marker = /\/\*(\$[\w$]+):(\d+):(\d+)\*\//g;

  p.native = <T>(f: T): T => {
    natives.add(f as object);
    return f;
  };
  p['bodyOf'] = (f: object, body: object): void => {
    bodies.set(f, body);
  };
  /** Told by a compiled module: how to get at its source text; what the author wrote, the host knows. */
  p['source'] = (program: string, text: () => string): void => {
    sources[program] = { text, original: p['originalText'] as Source['original'] };
  };

  /** The source text that the outermost comment names: functions inside have comments of their own. */
  const userText = (compiled: string): string | undefined => {
    let start = Infinity;
    let end = 0;
    let source: Source | undefined;
    for (const [, program, from, to] of compiled.matchAll(marker)) {
      if (Number(from) >= start || sources[program as string] === undefined) continue;
      source = sources[program as string];
      start = Number(from);
      end = Number(to);
    }
    if (source === undefined) return undefined;
    const text = source.text();
    return source.original?.(text, start) ?? text.slice(start, end);
  };

  const indexOf = String.prototype.indexOf as AnyFunction;
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
      let at = apply(indexOf, whole, [printed]) as number;
      for (; at >= 0; at = apply(indexOf, whole, [printed, at + 1]) as number) {
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
      const body = tw(f) ?? bodies.get(f);
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
