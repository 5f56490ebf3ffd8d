import { types } from 'node:util';
import vm from 'node:vm';
import { instantiate } from '../instantiate.ts';
import type { CompiledModule } from '../program.ts';
import { createRealm, type ScriptRealm } from '../realm.ts';
import type { ScriptVu } from '../realm-interface.ts';
import { Box, Suspension } from '../runtime/suspension.ts';
import { compileModule } from './compile.ts';
import type { Mode } from './marking.ts';
import { parseModule } from './parse.ts';
import { analyseScopes, type Scopes } from './scope.ts';
import { show } from './show-value.ts';
import type { Program } from './syntax.ts';

/** What running a snippet showed: its result or error, and everything it asked of the host, in order. */
export interface Observation {
  readonly result: string;
  readonly trace: readonly string[];
}

/** How the host of a compiled snippet answers: at once, a microtask later, a timer later, or at random. */
export type Flavour = 'immediate' | 'microtask' | 'timer' | 'mixed';

/** For the tests of the compiler: a snippet is the body of a function that calls `host(value)` and returns something. */
const SEQUENCE_END = 'end';

function showError(error: unknown): string {
  try {
    if (types.isProxy(error)) return 'threw proxy';
    const { name, message } = (error ?? {}) as { name?: string; message?: string };
    return `threw ${message === undefined ? show(error) : `${name}: ${message}`}`;
  } catch (unreadable) {
    return `threw what cannot be read: ${String(unreadable)}`;
  }
}

/** Runs the snippet as plain JavaScript in a realm of its own, the host answering at once. */
export async function runPlain(snippet: string): Promise<Observation> {
  return (await runAllPlain([snippet]))[0]!;
}

/** Runs snippets one after another in one realm of their own. */
export async function runAllPlain(snippets: readonly string[], prelude = ''): Promise<Observation[]> {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  const functions = snippets.map((snippet) => `function (host, log) {${snippet}\n}`).join(',\n');
  const runs = vm.runInContext(`'use strict';${prelude}\n;[${functions}]`, context) as ((
    ...args: unknown[]
  ) => unknown)[];
  const observations: Observation[] = [];
  for (const run of runs) {
    const trace: string[] = [];
    const host = (value: unknown): unknown => {
      trace.push(show(value));
      return value;
    };
    const log = (value: unknown): void => void trace.push(`log ${show(value)}`);
    const result = await observe(async () => {
      const value = run(host, log);
      return new Box(types.isPromise(value) ? await value : value);
    });
    await drained();
    observations.push({ result, trace: [...trace, SEQUENCE_END] });
  }
  return observations;
}

/** Snippets as one module – what one of them may block in arms the operators of all – parsed and its names looked up once for whatever is done with it. */
export interface SnippetModule {
  readonly count: number;
  readonly code: string;
  readonly ast: Program;
  readonly scopes: Scopes;
}

/**
 * @param prelude declarations that stand before them
 * @throws ScriptSyntaxError if one of them is wrong
 */
export function parseSnippets(snippets: readonly string[], prelude = ''): SnippetModule {
  const functions = snippets.map((snippet) => `function () {${snippet}\n}`).join(',\n');
  const code = `import { host, log } from 'k6/host';\n${prelude}\nexport default [${functions}];`;
  const ast = parseModule(code);
  return { count: snippets.length, code, ast, scopes: analyseScopes(ast) };
}

let realm: ScriptRealm | undefined;
let programs = 0;
/** A realm keeps each program that it has run: after so many there is a new one. */
const PROGRAMS_IN_REALM = 60;

/** Runs the snippet compiled, with a host that suspends. `random` in [0, 1) decides what 'mixed' does. */
export async function runCompiled(
  snippet: string,
  mode: Mode,
  flavour: Flavour,
  random: () => number = Math.random,
): Promise<Observation> {
  let module: SnippetModule;
  try {
    module = parseSnippets([snippet]);
  } catch (error) {
    return { result: showError(error), trace: [SEQUENCE_END] };
  }
  return (await runAllCompiled(compileSnippets(module, mode), flavour, random))[0]!;
}

/** A module of snippets compiled in a mode; without a program, what the compiler threw. */
export interface CompiledSnippets {
  readonly count: number;
  readonly program: CompiledModule | null;
  readonly error?: unknown;
}

export function compileSnippets({ count, code, ast, scopes }: SnippetModule, mode: Mode): CompiledSnippets {
  try {
    return { count, program: compileModule({ code, ast, scopes, mode }) };
  } catch (error) {
    return { count, program: null, error };
  }
}

/** Runs snippets of one module, one after another in one virtual user. An error of the compiler is the result of each. */
export async function runAllCompiled(
  { count, program: compiled, error }: CompiledSnippets,
  flavour: Flavour,
  random: () => number = Math.random,
): Promise<Observation[]> {
  if (compiled === null)
    return Array.from({ length: count }, () => ({ result: showError(error), trace: [SEQUENCE_END] }));
  if (programs++ % PROGRAMS_IN_REALM === 0) realm = undefined;
  const own = (realm ??= createRealm());
  let trace: string[] = [];
  const vu = {} as { loop: ScriptVu['loop'] };
  vu.loop = own.createLoop(vu);
  vu.loop.onUnhandledRejection = () => {};
  const answer = (value: unknown): unknown => {
    trace.push(show(value));
    const kind =
      flavour === 'mixed' ? (['immediate', 'microtask', 'timer'] as const)[Math.floor(random() * 3)] : flavour;
    if (kind === 'immediate') return value;
    // A promise among the values stays one: in a box it is not awaited.
    const late = typeof value === 'object' ? new Box(value) : value;
    return new Suspension(
      new Promise((resolve) => (kind === 'timer' ? setImmediate(resolve, late) : queueMicrotask(() => resolve(late)))),
    );
  };
  const module = {
    host: own.blockingFunction('host', 1, answer),
    log: own.hostFunction('log', 1, (value: unknown) => void trace.push(`log ${show(value)}`)),
  };
  let runs: unknown[] = [];
  const failure = await observe(async () => {
    const program = { ...compiled, name: `snippet-${programs}.js` };
    const instance = await instantiate(own, program, vu, { globals: {}, import: () => module });
    runs = instance.exports['default'] as unknown[];
    return new Box(undefined);
  });
  const observations: Observation[] = [];
  for (let i = 0; i < count; i++) {
    trace = [];
    const result = runs.length === 0 ? failure : await observe(() => vu.loop.run(runs[i], undefined, []));
    if (result.includes(NO_END)) vu.loop.abandon();
    await vu.loop.idle();
    observations.push({ result, trace: [...trace, SEQUENCE_END] });
  }
  return observations;
}

/** How long a snippet may wait for its host: one that waits longer waits for ever. */
const LONGEST_MS = 10_000;
const NO_END = 'does not end';

/** The result stays boxed: an object with a `then` is not to be awaited. */
async function observe(run: () => Promise<Box>): Promise<string> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(NO_END)), LONGEST_MS);
  try {
    return show((await Promise.race([run(), late])).value);
  } catch (error) {
    return showError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** After all microtasks. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
