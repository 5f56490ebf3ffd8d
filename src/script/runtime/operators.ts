import type { Protocol } from './protocol.ts';
import type { Answer, AnyFunction, Steps } from './twin-call.ts';

/** Conversions that may block, global names and the module's frame; evaluated in the realm (self-contained). */
export function installOperators(p: Protocol): void {
  const { toPrimitive } = Symbol;
  const isObject = (v: unknown): v is object => (typeof v === 'object' && v !== null) || typeof v === 'function';

  /** ToPrimitive. */
  function* primitive(value: unknown, hint: 'default' | 'number' | 'string'): Steps {
    if (!isObject(value)) return value;
    const exotic = yield* p.read(value, toPrimitive);
    if (exotic !== undefined && exotic !== null) {
      const result = yield* p.call(exotic, value, [hint]);
      if (isObject(result)) throw new TypeError('Cannot convert object to primitive value');
      return result;
    }
    for (let i = 0; i < 2; i++) {
      const name = (hint === 'string') === (i === 0) ? 'toString' : 'valueOf';
      const method = yield* p.read(value, name);
      if (typeof method !== 'function') continue;
      const result = yield* p.call(method, value, []);
      if (!isObject(result)) return result;
    }
    throw new TypeError('Cannot convert object to primitive value');
  }
  p.primitiveSteps = primitive;

  // biome-ignore lint/suspicious/noExplicitAny: the operators apply to whatever the script has
  type Any = any;
  const operations: Record<string, (a: Any, b: Any) => unknown> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
    '**': (a, b) => a ** b,
    '<': (a, b) => a < b,
    '>': (a, b) => a > b,
    '<=': (a, b) => a <= b,
    '>=': (a, b) => a >= b,
    // biome-ignore lint/suspicious/noDoubleEquals: it is the operator
    '==': (a, b) => a == b,
    // biome-ignore lint/suspicious/noDoubleEquals: it is the operator
    '!=': (a, b) => a != b,
    '&': (a, b) => a & b,
    '|': (a, b) => a | b,
    '^': (a, b) => a ^ b,
    '<<': (a, b) => a << b,
    '>>': (a, b) => a >> b,
    '>>>': (a, b) => a >>> b,
  };
  const unaries: Record<string, (a: Any) => unknown> = { '+': (a) => +a, '-': (a) => -a, '~': (a) => ~a };
  const at = (operation: () => unknown): Answer => {
    try {
      return p.ret(operation());
    } catch (error) {
      return p.thr(error);
    }
  };

  p.bin = (operator, a, b) => {
    const operation = operations[operator] as (a: unknown, b: unknown) => unknown;
    if (!isObject(a) && !isObject(b)) return at(() => operation(a, b));
    const isEquality = operator === '==' || operator === '!=';
    if (
      isEquality &&
      ((isObject(a) && isObject(b)) || a === null || b === null || a === undefined || b === undefined)
    ) {
      return p.ret(operation(a, b));
    }
    const hint = operator === '+' || isEquality ? 'default' : 'number';
    return p.drive(
      (function* (): Steps {
        const left = yield* primitive(a, hint);
        const right = yield* primitive(b, hint);
        return operation(left, right);
      })(),
    );
  };
  p.unary = (operator, a) => {
    const operation = unaries[operator] as (a: unknown) => unknown;
    if (!isObject(a)) return at(() => operation(a));
    return p.drive(
      (function* (): Steps {
        return operation(yield* primitive(a, 'number'));
      })(),
    );
  };
  p.str = (value) => {
    if (typeof value === 'string') return p.ret(value);
    if (!isObject(value)) return at(() => `${value as string}`);
    return p.drive(
      (function* (): Steps {
        return `${(yield* primitive(value, 'string')) as string}`;
      })(),
    );
  };
  p.key = (value) => {
    if (!isObject(value)) return p.ret(value);
    return p.drive(primitive(value, 'string'));
  };
  p.keyOf = (value, owner) =>
    owner === undefined || owner === null || !isObject(value) ? p.ret(value) : p.drive(primitive(value, 'string'));
  p.numeric = (value) => {
    if (typeof value === 'number' || typeof value === 'bigint') return p.ret(value);
    return p.drive(
      (function* (): Steps {
        const converted = yield* primitive(value, 'number');
        return typeof converted === 'bigint' ? converted : +(converted as number);
      })(),
    );
  };
  p.num = (value) => (typeof value === 'bigint' ? value : +(value as number));
  p.up = (value, operator) => {
    let updated = value;
    if (operator === '+') updated++;
    else updated--;
    return updated;
  };
  p.define(String, function* (_self, args) {
    if (args.length === 0) return '';
    const value = args[0];
    return typeof value === 'symbol' ? String(value) : String(yield* primitive(value, 'string'));
  });
  p.define(Number, function* (_self, args) {
    return args.length === 0 ? 0 : Number(yield* primitive(args[0], 'number'));
  });

  // Object.assign writes as it reads; the others of its kind can run again.
  const { ownKeys } = Reflect;
  const enumerable = Object.prototype.propertyIsEnumerable as AnyFunction;
  const assign = Object.assign as AnyFunction;
  p.st(assign, (...args: unknown[]) => {
    if (!p.armed) return at(() => p.apply(assign, Object, args));
    return p.drive(assignSteps(args));
  });
  function* assignSteps(args: unknown[]): Steps {
    const target = assign(args[0]) as Record<PropertyKey, unknown>;
    for (let i = 1; i < args.length; i++) {
      if (args[i] === undefined || args[i] === null) continue;
      const source = Object(args[i]) as Record<PropertyKey, unknown>;
      const keys = (yield* p.invoke(ownKeys, undefined, [source])) as PropertyKey[];
      for (let k = 0; k < keys.length; k++) {
        const key = keys[k] as PropertyKey;
        if (yield* p.invoke(enumerable, source, [key])) yield* p.write(target, key, yield* p.read(source, key));
      }
    }
    return target;
  }

  const NativeReferenceError = ReferenceError;
  p.chk = (global, name) => {
    if (name in global && !(name === 'console' && (global as Record<string, unknown>)[name] === undefined))
      return (global as Record<string, unknown>)[name];
    throw new NativeReferenceError(`${name} is not defined`);
  };
  p.early = (name) => {
    throw new NativeReferenceError(`Cannot access '${name}' before initialization`);
  };
  p.gs = (global, name) => {
    if (name in global) return name;
    const toText = (): string => {
      if (name in global) return name;
      throw new NativeReferenceError(`${name} is not defined`);
    };
    return { __proto__: null, toString: toText };
  };
  p.im = (module, name, specifier) => {
    if (name in module) return module[name];
    // As in k6, which looks names of its own modules up in an object; a warning has said so.
    if (specifier === 'k6' || specifier.startsWith('k6/')) return undefined;
    throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${name}'`);
  };
  p.imp = () =>
    Promise.reject(
      new TypeError('dynamic import() is not available in test scripts; use a static import or require()'),
    );
  p.meta = (global) => (global['import.meta'] ??= Object.create(null) as object);
  p.exports = (own, stars) => {
    const exports = Object.create(null) as object;
    for (const star of stars) {
      for (const key of Object.keys(star))
        if (key !== 'default')
          Object.defineProperty(exports, key, {
            get: () => (star as Record<string, unknown>)[key],
            enumerable: true,
            configurable: true,
          });
    }
    for (const key of Object.keys(own))
      Object.defineProperty(exports, key, { ...Object.getOwnPropertyDescriptor(own, key), configurable: true });
    return exports;
  };
  p.entry = (twin) => p.st((() => p.sync(twin, undefined, [])) as AnyFunction, twin);
}
