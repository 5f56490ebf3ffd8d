import type { Protocol } from './protocol.ts';
import type { Answer, AnyFunction } from './twin-call.ts';

/**
 * `Function`, its three kin and `eval`: what they make of a string is compiled like the script itself, so it may wait, and sees
 * the global object of the virtual user that runs it. Evaluated in the realm (self-contained).
 */
export function installCodeFromStrings(p: Protocol): void {
  const { apply, host } = p;
  const construct = Reflect.construct;
  const reflectGet = Reflect.get;
  const reflectSet = Reflect.set;
  const define = Object.defineProperty as (target: object, key: PropertyKey, descriptor: object) => object;
  const { setPrototypeOf, getPrototypeOf, create } = Object;
  const NativeObject = Object;
  const nativeToString = Function.prototype.toString as AnyFunction;
  const realmGlobal = globalThis as Record<PropertyKey, unknown>;
  const { unscopables } = Symbol;

  p.global = () => (p.isShared ? realmGlobal : (p.vu?.global ?? realmGlobal));
  p.self = (self) => (self === undefined || self === null ? p.global() : NativeObject(self));
  /** Told by a compiled module: names of the language that it assigns. */
  let overridden = '';
  p.overrides = (names) => {
    for (let i = 0; i < names.length; i++) overridden += `,${names[i] as string}`;
  };
  p.globals = (table, variables) => {
    const global = p.global() as Record<string, unknown>;
    for (let i = 0; i < variables.length; i++) {
      const name = variables[i] as string;
      if (name in global) table[name] = global[name];
    }
    for (const name in table) {
      const { get, set } = NativeObject.getOwnPropertyDescriptor(table, name) as PropertyDescriptor;
      define(global, name, { __proto__: null, get, set, enumerable: true, configurable: true });
    }
  };

  // `import()` would reach the host's loader in what is not compiled, and its promise and errors are not the realm's. A keyword
  // cannot be written with escapes, so the text tells. What is looked at is what is compiled: each argument is converted once.
  const importWord = /\bimport\b/;
  const usesThis = /\bthis\b/;
  const execute = RegExp.prototype.exec as AnyFunction;
  const NativeSyntaxError = SyntaxError;
  // What such code changes, the compiler has not seen.
  const watchBuiltIns = p.watchBuiltIns;
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

  type Maker = (names: object | null, target: unknown) => AnyFunction;
  /** As many as a script may have texts that it uses again and again. */
  const KEPT = 500;
  const kept = new p.Map<string, Maker | null>();
  /** @returns null for what is correct in sloppy mode only */
  const compile = (kind: 'function' | 'eval' | 'direct', text: string, names: string): Maker | null => {
    const key = `${kind}${p.armed ? '!' : ''}${overridden};${names};${text}`;
    let maker = kept.get(key);
    if (maker !== undefined) return maker;
    try {
      const program = host.compileText(kind, text, names, overridden, p.armed) as ((p: Protocol) => Maker) | null;
      maker = program === null ? null : program(p);
    } catch (error) {
      throw p.adopt(error);
    }
    if (kept.size >= KEPT) kept.clear();
    kept.set(key, maker);
    return maker;
  };

  // biome-ignore lint/security/noGlobalEval: it is guarded here
  const nativeEval = globalThis.eval;
  /** What sloppy code finds its free names in. */
  const NativeProxy = p.NativeProxy;
  const scope = new NativeProxy(
    create(null) as object,
    {
      __proto__: null,
      has: (_target: object, key: PropertyKey) => key in p.global(),
      get: (_target: object, key: PropertyKey) =>
        key === unscopables ? undefined : (reflectGet(p.global(), key) as unknown),
      set: (_target: object, key: PropertyKey, value: unknown) => reflectSet(p.global(), key, value),
    } as ProxyHandler<object>,
  );

  /** @param native what the engine has made of the text */
  const toCompiled = (native: AnyFunction): AnyFunction => {
    // What all virtual users share waits for nothing, and has the realm's global object.
    if (p.isShared) return native;
    const source = apply(nativeToString, native, []) as string;
    const maker = compile('function', `(${source})`, '');
    if (maker !== null) return maker(null, undefined);
    const make = nativeEval(`(function (scope) { with (scope) { return (${source}) } })`) as (
      scope: object,
    ) => AnyFunction;
    return make(scope);
  };

  const NativeFunction = Function;
  const constructors = [
    NativeFunction,
    (async () => {}).constructor,
    function* () {}.constructor,
    async function* () {}.constructor,
  ];
  let guardedFunction: object | undefined;
  for (const Native of constructors as FunctionConstructor[]) {
    // Nothing to inherit for the handler: a `get` on Object.prototype would be one of its traps, and be given the native.
    const handler = {
      __proto__: null,
      apply: (_target: object, _self: unknown, args: unknown[]) =>
        toCompiled(construct(Native, toTexts(args)) as AnyFunction),
      construct(_target: object, args: unknown[], newTarget: AnyFunction) {
        const texts = toTexts(args);
        const native = construct(Native, texts, newTarget === guarded ? Native : newTarget) as AnyFunction;
        const made = toCompiled(native);
        const prototype = getPrototypeOf(native) as object | null;
        if (getPrototypeOf(made) !== prototype) setPrototypeOf(made, prototype);
        return made;
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

  /** Runs a script for the global `eval` under the twin protocol. */
  const run = (source: unknown): Answer => {
    let twin: AnyFunction | undefined;
    try {
      if (typeof source !== 'string') return p.ret(source);
      refuseImport(source);
      watchBuiltIns();
      const maker = p.isShared ? null : compile('eval', source, '');
      if (maker === null) return p.ret(nativeEval(source));
      twin = maker(null, undefined);
    } catch (error) {
      return p.thr(error);
    }
    return apply(twin, p.global(), []) as Answer;
  };
  const evals = {
    eval(source: unknown): unknown {
      return typeof source === 'string' ? p.sync(run, undefined, [source]) : source;
    },
  };
  p.st(evals.eval, run);
  define(globalThis, 'eval', { __proto__: null, value: p.native(evals.eval), writable: true, configurable: true });

  p.eval = (args, table, names, self, target) => {
    let twin: AnyFunction;
    let own: unknown;
    try {
      const called = (p.global() as Record<string, unknown>)['eval'];
      if (called !== evals.eval) return p.drive(p.call(p.fn(called, 'eval'), undefined, args));
      const source = args[0];
      if (typeof source !== 'string') return p.ret(source);
      refuseImport(source);
      watchBuiltIns();
      twin = (compile('direct', source, names) as Maker)(table, target);
      // In a derived class there may be none yet, which is of no consequence for a text that does not ask.
      if (apply(execute, usesThis, [source]) !== null) own = self();
    } catch (error) {
      return p.thr(error);
    }
    return apply(twin, own, []) as Answer;
  };
}
