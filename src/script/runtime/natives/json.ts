import type { AnyFunction, Protocol, Steps } from '../protocol.ts';
import type { Spec } from './spec.ts';

/** Twins of JSON.parse with a reviver and of JSON.stringify (ECMA-262 §25.5); evaluated in the realm (self-contained). */
export function installJsonNatives(p: Protocol): void {
  const spec = p['spec'] as Spec;
  const { apply, tw } = p;
  const { isArray } = Array;
  const nativeParse = JSON.parse as AnyFunction;
  const nativeStringify = JSON.stringify as AnyFunction;

  spec.define(JSON, 'parse', function* (self, args, native) {
    const reviver = args[1];
    if (tw(reviver) === undefined) return apply(native, self, args);
    // The native visits in the same order: it tells what comes third (the source text of a primitive).
    const contexts: unknown[] = [];
    const parsed = apply(nativeParse, JSON, [
      args[0],
      (_key: string, value: unknown, context: unknown) => {
        contexts[contexts.length] = context;
        return value;
      },
    ]);
    let visited = 0;
    function* revive(holder: Record<string, unknown>, key: string): Steps {
      const value = holder[key];
      if (spec.isObject(value)) {
        const object = value as unknown as Record<string, unknown>;
        const keys: string[] = isArray(value)
          ? Array.from({ length: spec.toLength(value.length) }, (_, i) => String(i))
          : Object.keys(value);
        for (const name of keys) {
          const made = yield* revive(object, name);
          if (made === undefined) Reflect.deleteProperty(object, name);
          else
            Reflect.defineProperty(object, name, { value: made, writable: true, enumerable: true, configurable: true });
        }
      }
      return yield* p.call(reviver, holder, [key, value, contexts[visited++]]);
    }
    return yield* revive({ '': parsed }, '');
  });

  /** Whether a value holds a `toJSON` that may block; asked only if the script defines such a method at all. */
  function mayBlock(value: unknown, above: readonly unknown[]): boolean {
    if (!spec.isObject(value) || typeof value === 'function' || above.includes(value)) return false;
    if (tw((value as unknown as { toJSON?: unknown }).toJSON) !== undefined) return true;
    const within = [...above, value];
    for (const key of Object.keys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (descriptor === undefined) continue;
      if (descriptor.get !== undefined) {
        if (tw(descriptor.get) !== undefined) return true;
      } else if (mayBlock(descriptor.value, within)) return true;
    }
    return false;
  }

  spec.define(
    JSON,
    'stringify',
    function* (self, args, native) {
      const replacer = args[1];
      const callsReplacer = typeof replacer === 'function';
      let allowed: string[] | undefined;
      if (isArray(replacer)) {
        allowed = [];
        for (const item of replacer as unknown[]) {
          const isKey =
            typeof item === 'string' || typeof item === 'number' || item instanceof String || item instanceof Number;
          if (isKey && !allowed.includes(String(item))) allowed[allowed.length] = String(item);
        }
      }
      const above: unknown[] = [];

      /** SerializeJSONProperty, but into plain data that the native then writes: gap and quoting stay its own. */
      function* plain(holder: object, key: string): Steps {
        let value: unknown = yield* p.read(holder, key);
        if (spec.isObject(value) || typeof value === 'bigint') {
          const toJson = (value as unknown as { toJSON?: unknown }).toJSON;
          if (typeof toJson === 'function') value = yield* p.call(toJson, value, [key]);
        }
        if (callsReplacer) value = yield* p.call(replacer, holder, [key, value]);
        if (value instanceof Number) return Number(value);
        if (value instanceof String) return String(value);
        if (value instanceof Boolean) return value.valueOf();
        if (!spec.isObject(value) || typeof value === 'function')
          return typeof value === 'function' ? undefined : value;
        if (above.includes(value)) return apply(native, self, [value]); // throws: circular
        above[above.length] = value;
        let result: unknown;
        if (isArray(value)) {
          const length = spec.toLength(value.length);
          const list = spec.toArray(length);
          for (let i = 0; i < length; i++) {
            const item = yield* plain(value, String(i));
            list[i] = item === undefined || typeof item === 'symbol' ? null : item;
          }
          result = list;
        } else {
          const made = Object.create(null) as object;
          for (const name of allowed ?? Object.keys(value)) {
            const item = yield* plain(value, name);
            if (item !== undefined) spec.put(made, name, item);
          }
          result = made;
        }
        above.length--;
        return result;
      }
      const value = yield* plain({ '': args[0] }, '');
      return apply(nativeStringify, JSON, [value, null, args[2]]);
    },
    (_self, args) => p['jsonMayBlock'] === true && mayBlock(args[0], []),
  );
}
