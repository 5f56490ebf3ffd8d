import type { AnyFunction, Protocol } from './protocol.ts';

/** Callees and argument lists of compiled calls, and the guard on code made from strings; evaluated in the realm (self-contained). */
export function installFunctions(p: Protocol): void {
  const { apply } = p;
  const { slice } = Array.prototype;
  const nativeBind = Function.prototype.bind;
  const rest = (args: ArrayLike<unknown>, from: number): unknown[] =>
    apply(slice as AnyFunction, args, [from]) as unknown[];
  p['rest'] = rest;
  p['f0'] = (f: unknown, text: string): AnyFunction =>
    typeof f === 'function'
      ? (f as AnyFunction)
      : () => {
          throw new TypeError(`${text} is not a function`);
        };
  p['tag'] = (f: unknown, self: unknown, text: string): AnyFunction => {
    // The values are evaluated before it is found out.
    if (typeof f !== 'function')
      return () => {
        throw new TypeError(`${text} is not a function`);
      };
    return self === undefined ? (f as AnyFunction) : (apply(nativeBind as AnyFunction, f, [self]) as AnyFunction);
  };

  // Code made from strings runs in the realm, un-instrumented; `import()` in it would reach the host's loader, whose promise and
  // errors are not the realm's. A keyword cannot be written with escapes, so the text tells. What is looked at is what is compiled:
  // each argument is converted once.
  const importWord = /\bimport\b/;
  const execute = RegExp.prototype.exec as AnyFunction;
  const NativeSyntaxError = SyntaxError;
  // What such code changes, the compiler has not seen.
  const watchBuiltIns = p['watchBuiltIns'] as () => void;
  const refuseImport = (source: string): void => {
    if (apply(execute, importWord, [source]) !== null)
      throw new NativeSyntaxError('import is not available in code made from a string');
  };
  const toTexts = (args: ArrayLike<unknown>): string[] => {
    const texts: string[] = [];
    watchBuiltIns();
    for (let i = 0; i < args.length; i++) {
      const text = `${args[i] as string}`;
      refuseImport(text);
      define(texts, i, { __proto__: null, value: text, writable: true, enumerable: true, configurable: true });
    }
    return texts;
  };
  const construct = Reflect.construct;
  const define = Object.defineProperty as (target: object, key: PropertyKey, descriptor: object) => object;
  const { setPrototypeOf } = Object;
  const NativeFunction = Function;
  const constructors = [
    NativeFunction,
    (async () => {}).constructor,
    function* () {}.constructor,
    async function* () {}.constructor,
  ];
  const NativeProxy = p['NativeProxy'] as ProxyConstructor;
  let guardedFunction: object | undefined;
  for (const Native of constructors as FunctionConstructor[]) {
    // Nothing to inherit for the handler: a `get` on Object.prototype would be one of its traps, and be given the native.
    const handler = {
      __proto__: null,
      apply: (_target: object, _self: unknown, args: unknown[]) => construct(Native, toTexts(args)) as unknown,
      construct(_target: object, args: unknown[], newTarget: AnyFunction) {
        const texts = toTexts(args);
        return construct(Native, texts, newTarget === guarded ? Native : newTarget) as object;
      },
    };
    const guarded: unknown = new NativeProxy(Native, handler as unknown as ProxyHandler<FunctionConstructor>);
    define(Native.prototype, 'constructor', { __proto__: null, value: guarded, writable: true, configurable: true });
    if (Native === NativeFunction) {
      guardedFunction = guarded as object;
      define(globalThis, 'Function', { __proto__: null, value: guarded, writable: true, configurable: true });
    }
    // The constructors of the other kinds inherit from Function itself.
    else setPrototypeOf(Native, guardedFunction as object);
  }
  // biome-ignore lint/security/noGlobalEval: it is guarded here
  const nativeEval = globalThis.eval;
  const evals = {
    eval(source: unknown): unknown {
      if (typeof source === 'string') {
        refuseImport(source);
        watchBuiltIns();
      }
      return nativeEval(source as string);
    },
  };
  define(globalThis, 'eval', { __proto__: null, value: p.native(evals.eval), writable: true, configurable: true });
}
