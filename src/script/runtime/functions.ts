import type { Protocol } from './protocol.ts';
import type { AnyFunction } from './twin-call.ts';

/** Callees and argument lists of compiled calls; evaluated in the realm (self-contained). */
export function installFunctions(p: Protocol): void {
  const { apply } = p;
  const { slice } = Array.prototype;
  const nativeBind = Function.prototype.bind;
  const rest = (args: ArrayLike<unknown>, from: number): unknown[] =>
    apply(slice as AnyFunction, args, [from]) as unknown[];
  p.rest = rest;
  p.f0 = (f, text) =>
    typeof f === 'function'
      ? (f as AnyFunction)
      : () => {
          throw new TypeError(`${text} is not a function`);
        };
  p.tag = (f, self, text) => {
    // The values are evaluated before it is found out.
    if (typeof f !== 'function')
      return () => {
        throw new TypeError(`${text} is not a function`);
      };
    return self === undefined ? (f as AnyFunction) : (apply(nativeBind as AnyFunction, f, [self]) as AnyFunction);
  };
}
