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

  // Code made from strings runs in the realm, un-instrumented; `import()` in it would reach the host's loader.
  const refuseImport = (source: unknown): void => {
    if (typeof source === 'string' && /\bimport\b/.test(source))
      throw new SyntaxError('import is not available in code made from a string');
  };
  const constructors = [
    Function,
    (async () => {}).constructor,
    function* () {}.constructor,
    async function* () {}.constructor,
  ];
  for (const Native of constructors as FunctionConstructor[]) {
    const guarded = new Proxy(Native, {
      apply(target, self, args: unknown[]) {
        for (const arg of args) refuseImport(String(arg));
        return apply(target, self, args);
      },
      construct(target, args: unknown[], newTarget) {
        for (const arg of args) refuseImport(String(arg));
        return Reflect.construct(target, args, newTarget);
      },
    });
    Object.defineProperty(Native.prototype, 'constructor', { value: guarded, writable: true, configurable: true });
    if (Native === Function)
      Object.defineProperty(globalThis, 'Function', { value: guarded, writable: true, configurable: true });
  }
  // biome-ignore lint/security/noGlobalEval: it is guarded here
  const nativeEval = globalThis.eval;
  const evals = {
    eval(source: unknown): unknown {
      refuseImport(source);
      return nativeEval(source as string);
    },
  };
  Object.defineProperty(globalThis, 'eval', { value: p.native(evals.eval), writable: true, configurable: true });
}
