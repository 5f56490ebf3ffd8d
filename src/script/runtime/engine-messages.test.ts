import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCompiled, runPlain } from '../compiler/compare-with-plain.ts';

/** What throws an error whose message quotes code, and what a script reads of it. */
const MESSAGES: Readonly<Record<string, string>> = {
  'const { a } = host(null)': "Cannot destructure property 'a' of '(intermediate value)' as it is null.",
  '(({ a }) => host(a))()': "Cannot destructure property 'a' of '(intermediate value)' as it is undefined.",
  'const o = { get x() { return host(5) } }; for (const a of o.x);': '(intermediate value) is not iterable',
  'const o = { get x() { return host(5) } }; [...o.x]': '(intermediate value) is not iterable',
  '(class { constructor() { host(1) } })()': "Class constructors cannot be invoked without 'new'",
  'const A = class { constructor() { host(1) } }; A()': "Class constructors cannot be invoked without 'new'",
  'new (() => host(1))()': '(intermediate value) is not a constructor',
  'new ({ m() { host(1) } }).m()': 'm is not a constructor',
  'Reflect.construct(async () => host(1), [])': '(intermediate value) is not a constructor',
  'host(0); class A extends (function* () { yield host(1) }) {}':
    'Class extends value (intermediate value) is not a constructor or null',
  'host({}).nope()': 'host({}).nope is not a function',
  'throw new TypeError("$$5 is not a function")': '$$5 is not a function',
  'throw Object.assign(new Error(), { message: "costs $6$ is not iterable" })': 'costs $6$ is not iterable',
};

describe("messages of the engine's own errors", () => {
  for (const [code, message] of Object.entries(MESSAGES)) {
    it(`quote no compiled code: ${code}`, async () => {
      const throwing = `const run = () => { ${code} };`;
      for (const snippet of [
        `${throwing} try { run() } catch (e) { return e.message }`,
        `${throwing} try { run() } catch ({ message }) { host(2); return message }`,
        `try { host(1); ${code} } catch (e) { return e.message }`,
        `${throwing} return (async () => run())().catch((e) => e.message)`,
        `${throwing} return new Promise(run).catch((e) => /TypeError|Error/.test(e.stack) && e.message)`,
        `${throwing} return Promise.resolve().then(run).catch((e) => e.message)`,
      ]) {
        const { result: plain } = await runPlain(snippet);
        for (const mode of ['conservative', 'all'] as const)
          for (const flavour of ['immediate', 'microtask'] as const) {
            const { result } = await runCompiled(snippet, mode, flavour);
            if (result !== plain) assert.equal(result, JSON.stringify(message), `${snippet} in mode ${mode}`);
          }
      }
    });
  }
});
