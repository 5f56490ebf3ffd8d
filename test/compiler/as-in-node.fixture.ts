// For tests of what the language does: a program and what it must come to, plain in Node and compiled alike.
import assert from 'node:assert/strict';
import {
  compileSnippets,
  type Flavour,
  type Observation,
  parseSnippets,
  runAllCompiled,
  runAllPlain,
} from '../../src/script/compiler/compare-with-plain.ts';
import type { Mode } from '../../src/script/compiler/marking.ts';
import { show } from '../../src/script/compiler/show-value.ts';

/** Each mode of the compiler, and how the host of its programs answers. */
const WAYS: readonly (readonly [Mode, Flavour])[] = [
  ['precise', 'immediate'],
  ['conservative', 'microtask'],
  ['all', 'timer'],
];

/** What it asked of the host and what it logged are one list here. */
function stepsOf({ trace }: Observation): string[] {
  return trace.slice(0, -1).map((step) => step.replace(/^log /, ''));
}

/** Runs a program in Node as it is, and in every way. */
async function observe(program: string): Promise<ReadonlyMap<string, Observation>> {
  const module = parseSnippets([program]);
  const observations = new Map<string, Observation>();
  const [plain] = await runAllPlain([program]);
  observations.set('plain', plain!);
  for (const [mode, flavour] of WAYS) {
    const [compiled] = await runAllCompiled(compileSnippets(module, mode), flavour);
    observations.set(`in mode ${mode}, answered by ${flavour}`, compiled!);
  }
  return observations;
}

/**
 * A program, which is the body of a function with `host(value)`, which may wait and brings the value, and `log(value)`.
 * @param value what it returns, or what the promise that it returns brings
 * @param steps what it gives to `host` and `log`, in order; not looked at if left out
 */
export async function comesTo(program: string, value: unknown, steps?: readonly unknown[]): Promise<void> {
  for (const [how, observation] of await observe(program)) {
    assert.equal(observation.result, show(value), how);
    if (steps !== undefined)
      assert.deepEqual(
        stepsOf(observation),
        steps.map((step) => show(step)),
        how,
      );
  }
}

/** The same of one that ends with an error. @param error `Name: message`, or only the name where the engine words it */
export async function fails(program: string, error: string, steps?: readonly unknown[]): Promise<void> {
  for (const [how, observation] of await observe(program)) {
    const result = error.includes(':') ? observation.result : observation.result.replace(/:.*$/s, '');
    assert.equal(result, `threw ${error}`, how);
    if (steps !== undefined)
      assert.deepEqual(
        stepsOf(observation),
        steps.map((step) => show(step)),
        how,
      );
  }
}
