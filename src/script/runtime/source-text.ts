import type { AnyFunction, Protocol } from './protocol.ts';

/**
 * `f.toString()` as the script's author expects it; evaluated in the realm (self-contained). Compiled functions carry a
 * comment that tells the program and the range of their source text, `/*$$1a2b:120:164*\/`, which costs nothing until
 * somebody asks. What is not the script's shows `[native code]`.
 */
export function installSourceText(p: Protocol): void {
  const { apply, tw } = p;
  const nativeToString = Function.prototype.toString as AnyFunction;
  const natives = new p.WeakSet<object>();
  /** Bodies of functions that have no twin: generators. */
  const bodies = new p.WeakMap<object, object>();
  const sources: Record<string, () => string> = Object.create(null);
  const marker = /\/\*(\$[\w$]+):(\d+):(\d+)\*\//g;

  p.native = <T>(f: T): T => {
    natives.add(f as object);
    return f;
  };
  p['bodyOf'] = (f: object, body: object): void => {
    bodies.set(f, body);
  };
  /** Told by a compiled module: how to get at its source text. */
  p['source'] = (program: string, text: () => string): void => {
    sources[program] = text;
  };

  /** The source text that the outermost comment names: functions inside have comments of their own. */
  const userText = (compiled: string): string | undefined => {
    let start = Infinity;
    let end = 0;
    let source: (() => string) | undefined;
    for (const [, program, from, to] of compiled.matchAll(marker)) {
      if (Number(from) >= start || sources[program as string] === undefined) continue;
      source = sources[program as string];
      start = Number(from);
      end = Number(to);
    }
    return source?.().slice(start, end);
  };

  const methods = {
    toString(this: unknown): string {
      const text = apply(nativeToString, this, []) as string;
      const f = this as AnyFunction;
      if (natives.has(f)) return `function ${f.name}() { [native code] }`;
      const body = tw(f) ?? bodies.get(f);
      // An accessor that has been given a twin has its own text nonetheless.
      const own = userText(text);
      if (own !== undefined || body === undefined) return own ?? text;
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
