import type { Protocol } from '../protocol.ts';
import type { AnyFunction, Steps } from '../twin-call.ts';

/** Twins of JSON.parse with a reviver and of JSON.stringify (ECMA-262 §25.5); evaluated in the realm (self-contained). */
export function installJsonNatives(p: Protocol): void {
  const spec = p.spec;
  const { apply, tw } = p;
  const { isArray } = Array;
  const { keys, is } = Object;
  const { defineProperty, deleteProperty } = Reflect;
  const nativeParse = JSON.parse as AnyFunction;

  spec.define(JSON, 'parse', function* (self, args, native) {
    const reviver = args[1];
    if (tw(reviver) === undefined) return yield* p.invoke(native, self, args);
    /** What the text said of a value: with a primitive one comes third its source text, as long as it is the one that was parsed. */
    interface Parsed {
      readonly value: unknown;
      readonly context: unknown;
    }
    const members: Map<object, Map<string, Parsed>> = new p.Map();
    let root: Parsed | undefined;
    const text = yield* spec.toText(args[0]);
    const parsed = apply(nativeParse, JSON, [
      text,
      function (this: object, key: string, value: unknown, context: unknown) {
        let own = members.get(this);
        if (own === undefined) members.set(this, (own = new p.Map()));
        own.set(key, (root = { value, context }));
        return value;
      },
    ]);
    function* revive(holder: Record<string, unknown>, key: string, told: Parsed | undefined): Steps {
      const value = yield* spec.get(holder, key);
      const known = told !== undefined && is(told.value, value) ? told : undefined;
      if (spec.isObject(value)) {
        const object = value as unknown as Record<string, unknown>;
        const own = known === undefined ? undefined : members.get(value);
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
          const made = yield* revive(object, name, own?.get(name));
          yield* p.again(() =>
            made === undefined
              ? deleteProperty(object, name)
              : defineProperty(object, name, { value: made, writable: true, enumerable: true, configurable: true }),
          );
        }
      }
      return yield* p.call(reviver, holder, [key, value, known === undefined ? {} : known.context]);
    }
    // It comes last.
    return yield* revive({ '': parsed }, '', root);
  });

  // The engine's own asks in the right order, changes nothing, and can run again.
  spec.define(JSON, 'stringify', (self, args, native) => p.invoke(native, self, args));
}
