import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/** Twins of JSON.parse with a reviver and of JSON.stringify (ECMA-262 §25.5); evaluated in the realm (self-contained). */
export function installJsonNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply, tw } = p;
  const { isArray } = Array;
  const { keys } = Object;
  const { defineProperty, deleteProperty } = Reflect;
  const nativeParse = JSON.parse as AnyFunction;

  spec.define(JSON, 'parse', function* (self, args, native) {
    const reviver = args[1];
    if (tw(reviver) === undefined) return yield* p.invoke(native, self, args);
    // The native visits in the same order: it tells what comes third (the source text of a primitive).
    const contexts: unknown[] = [];
    const text = yield* spec.toText(args[0]);
    const parsed = apply(nativeParse, JSON, [
      text,
      (_key: string, value: unknown, context: unknown) => {
        contexts[contexts.length] = context;
        return value;
      },
    ]);
    let visited = 0;
    function* revive(holder: Record<string, unknown>, key: string): Steps {
      const value = yield* spec.get(holder, key);
      if (spec.isObject(value)) {
        const object = value as unknown as Record<string, unknown>;
        const names: string[] = [];
        if (isArray(value)) {
          const length = yield* spec.lengthOf(value);
          for (let i = 0; i < length; i++) names[i] = `${i}`;
        } else {
          const listed = (yield* p.invoke(keys, undefined, [value])) as string[];
          for (let i = 0; i < listed.length; i++) names[i] = listed[i] as string;
        }
        for (let i = 0; i < names.length; i++) {
          const name = names[i] as string;
          const made = yield* revive(object, name);
          yield* p.again(() =>
            made === undefined
              ? deleteProperty(object, name)
              : defineProperty(object, name, { value: made, writable: true, enumerable: true, configurable: true }),
          );
        }
      }
      return yield* p.call(reviver, holder, [key, value, contexts[visited++]]);
    }
    return yield* revive({ '': parsed }, '');
  });

  // The engine's own asks in the right order, changes nothing, and can run again.
  spec.define(JSON, 'stringify', (self, args, native) => p.invoke(native, self, args));
}
