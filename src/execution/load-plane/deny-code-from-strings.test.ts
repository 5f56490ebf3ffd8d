import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

const DENY = new URL('./deny-code-from-strings.ts', import.meta.url).href;

/** Evaluates expressions in a thread whose realm is denied code from strings. @returns what each came to, or the error's words */
async function inDeniedRealm(expressions: readonly string[]): Promise<string[]> {
  const attempts = expressions.map((each) => `attempt(() => ${each})`).join(',');
  const worker = new Worker(
    new URL(
      `data:text/javascript,${encodeURIComponent(`
        import { parentPort } from 'node:worker_threads';
        import { denyCodeFromStrings } from '${DENY}';
        const leaked = new Map();
        denyCodeFromStrings();
        const attempt = (step) => { try { return String(step()); } catch (error) { return error.name + ': ' + error.message; } };
        parentPort.postMessage([${attempts}]);`)}`,
    ),
  );
  const [results] = (await once(worker, 'message')) as [string[]];
  await worker.terminate();
  return results;
}

test('no way from an object of a load worker leads to code from strings', async () => {
  const ways = [
    "leaked.constructor.constructor('return process')()",
    "leaked.get.constructor('return process')()",
    "Function('return process')()",
    "new Function('return process')()",
    "Reflect.construct(Function, ['return process'])()",
    "(async () => {}).constructor('return process')()",
    "(function* () {}).constructor('return process')()",
    "(async function* () {}).constructor('return process')()",
    "Object.getPrototypeOf((async () => {}).constructor).constructor('return process')()",
    "Object.getPrototypeOf(Function)('return process')",
    "(0, eval)('process')",
    "eval('process')",
    "delete Function.prototype.constructor || leaked.get.constructor('return process')()",
    "Object.defineProperty(Function.prototype, 'constructor', { value: 1 })",
  ];
  const results = await inDeniedRealm(ways);
  for (const [index, result] of results.entries()) {
    if (ways[index]?.startsWith('Object.getPrototypeOf(Function)(')) assert.equal(result, 'undefined', ways[index]);
    else
      assert.match(
        result,
        /^(?:EvalError: Code generation from strings disallowed|TypeError: Cannot (?:redefine|delete))/,
        ways[index],
      );
  }
});

test('functions are told from other things as before, and may have a constructor of their own', async () => {
  assert.deepEqual(
    await inDeniedRealm([
      '(() => {}) instanceof Function',
      'leaked instanceof Function',
      '(() => {}).constructor === Function',
      'Function.name + Function.prototype.constructor.name + (async () => {}).constructor.name',
      "(() => { const own = () => {}; own.constructor = 'mine'; return own.constructor; })()",
    ]),
    ['true', 'false', 'true', 'FunctionFunctionAsyncFunction', 'mine'],
  );
});
