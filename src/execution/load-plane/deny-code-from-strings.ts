// Nothing that reaches a script by mistake leads to `process` by way of its constructor's constructor: a load worker's own realm makes
// no code from strings. V8 has a flag for that, but with it the code of Node's own modules, which lies compiled in Node's binary, counts as
// made for another V8: every thread of the process would parse each of them anew, 20 ms of CPU at a start. That of the scripts makes code
// (script/realm.ts).

import { Script } from 'node:vm';

/** What all functions of one kind inherit from: the way from any of them to what makes more of them. */
const KINDS: readonly object[] = [
  Function.prototype,
  Object.getPrototypeOf(async () => {}) as object,
  Object.getPrototypeOf(function* () {}) as object,
  Object.getPrototypeOf(async function* () {}) as object,
];

/** Takes from this realm, for good, what makes code from strings; whoever tries meets what V8 would throw. */
export function denyCodeFromStrings(): void {
  for (const prototype of KINDS) {
    const { name } = (prototype as { constructor: { name: string } }).constructor;
    const denied = denial(name);
    // For `instanceof`.
    Object.defineProperty(denied, 'prototype', { value: prototype, writable: false });
    Object.defineProperty(prototype, 'constructor', {
      get: () => denied,
      // A function may have a property of that name all the same.
      set(this: object, value: unknown) {
        if (this !== prototype)
          Object.defineProperty(this, 'constructor', { value, writable: true, configurable: true, enumerable: true });
      },
      configurable: false,
      enumerable: false,
    });
    if (prototype === Function.prototype) fix('Function', denied);
  }
  fix('eval', denial('eval'));
}

function denial(name: string): (...sources: unknown[]) => unknown {
  // Not an arrow: with `new` it is to say the same.
  function denied(...sources: unknown[]): () => never {
    // Libraries have text compiled to see whether it is one of a function (Playwright does): they may, and get nothing that runs.
    if (name === 'Function' && compiles(sources)) return refuse;
    return refuse();
  }
  return Object.defineProperty(denied, 'name', { value: name });
}

function refuse(): never {
  throw new EvalError('Code generation from strings disallowed for this context');
}

/** @throws SyntaxError, as Function does */
function compiles(sources: readonly unknown[]): true {
  const parameters = sources.slice(0, -1).join(',');
  new Script(`(function anonymous(${parameters}\n) {\n${String(sources.at(-1) ?? '')}\n})`);
  return true;
}

function fix(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, writable: false, configurable: false, enumerable: false });
}
