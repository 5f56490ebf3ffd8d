import vm from 'node:vm';
import { instantiate } from '../instantiate.ts';
import { createRealm, type ScriptRealm } from '../realm.ts';
import type { ScriptVu } from '../realm-interface.ts';
import { Suspension } from '../runtime/suspension.ts';
import { compileModule } from './compile.ts';
import type { Mode } from './marking.ts';

/** What running a snippet showed: its result or error, and everything it asked of the host, in order. */
export interface Observation {
  readonly result: string;
  readonly trace: readonly string[];
}

/** How the host of a compiled snippet answers: at once, a microtask later, a timer later, or at random. */
export type Flavour = 'immediate' | 'microtask' | 'timer' | 'mixed';

/** For the tests of the compiler: a snippet is the body of a function that calls `host(value)` and returns something. */
const SEQUENCE_END = 'end';

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_key, v: unknown) =>
      typeof v === 'function'
        ? `function ${v.name}`
        : v === undefined
          ? '<undefined>'
          : typeof v === 'bigint'
            ? `${v}n`
            : v,
    ) ?? 'undefined'
  );
}

function showError(error: unknown): string {
  const { name, message } = error as { name?: string; message?: string };
  return `threw ${name === undefined ? String(error) : `${name}: ${message}`}`;
}

/** Runs the snippet as plain JavaScript in a realm of its own, the host answering at once. */
export async function runPlain(snippet: string): Promise<Observation> {
  const trace: string[] = [];
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  const run = vm.runInContext(`'use strict';(host, log) => {${snippet}\n}`, context) as (
    host: unknown,
    log: unknown,
  ) => unknown;
  const host = (value: unknown): unknown => {
    trace.push(show(value));
    return value;
  };
  let result: string;
  try {
    result = show(await run(host, (value: unknown) => void trace.push(`log ${show(value)}`)));
  } catch (error) {
    result = showError(error);
  }
  await drained();
  return { result, trace: [...trace, SEQUENCE_END] };
}

let realm: ScriptRealm | undefined;
let programs = 0;

/** Runs the snippet compiled, with a host that suspends. `random` in [0, 1) decides what 'mixed' does. */
export async function runCompiled(
  snippet: string,
  mode: Mode,
  flavour: Flavour,
  random: () => number = Math.random,
): Promise<Observation> {
  realm ??= createRealm();
  const trace: string[] = [];
  const code = `import { host, log } from 'k6/host';\nexport default function () {${snippet}\n}`;
  const program = { ...compileModule({ code, mode }), name: `snippet-${++programs}.js` };
  const vu = {} as { loop: ScriptVu['loop'] };
  vu.loop = realm.createLoop(vu);
  vu.loop.onUnhandledRejection = () => {};
  const answer = (value: unknown): unknown => {
    trace.push(show(value));
    const kind =
      flavour === 'mixed' ? (['immediate', 'microtask', 'timer'] as const)[Math.floor(random() * 3)] : flavour;
    if (kind === 'immediate') return value;
    return new Suspension(
      new Promise((resolve) =>
        kind === 'timer' ? setImmediate(resolve, value) : queueMicrotask(() => resolve(value)),
      ),
    );
  };
  const module = {
    host: realm.blockingFunction('host', 1, answer),
    log: realm.hostFunction('log', 1, (value: unknown) => void trace.push(`log ${show(value)}`)),
  };
  let result: string;
  try {
    const instance = await instantiate(realm, program, vu, { globals: {}, import: () => module });
    result = show((await vu.loop.run(instance.exports['default'], undefined, [])).value);
  } catch (error) {
    result = showError(error);
  }
  await vu.loop.idle();
  return { result, trace: [...trace, SEQUENCE_END] };
}

/** After all microtasks. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
