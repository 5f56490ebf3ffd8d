// For tests: one virtual user with a script of the test's own, on a real realm, with every module that the script imports.

import { SecretStore } from '../src/execution/secrets/secret-store.ts';
import { registerBuiltIns } from '../src/metrics/built-in.ts';
import { MetricRegistry } from '../src/metrics/metric-registry.ts';
import type { SeriesDescription } from '../src/metrics/sample-batch.ts';
import { SampleWriter } from '../src/metrics/sample-writer.ts';
import { TagSet } from '../src/metrics/tag-set.ts';
import { loadExtensionModule } from '../src/modules/extension/extension-module.ts';
import { loadHostModules } from '../src/modules/registry.ts';
import { lazyGlobalsOf } from '../src/modules/web/lazy-globals.ts';
import { INIT_OPTIONS, type Options } from '../src/options/options.ts';
import { instantiate } from '../src/script/instantiate.ts';
import { loadProgram } from '../src/script/load/load-program.ts';
import type { Program } from '../src/script/program.ts';
import { createRealm, type ScriptRealm } from '../src/script/realm.ts';
import { describeError } from '../src/script/runtime/stack.ts';
import type { VuEnvironment } from '../src/vu/environment.ts';
import { createGlobals } from '../src/vu/globals.ts';
import { ModuleLoader } from '../src/vu/module-loader.ts';
import { Network } from '../src/vu/network.ts';
import { NO_PROGRAMS } from '../src/vu/programs.ts';
import { VirtualUser } from '../src/vu/virtual-user.ts';

export interface BenchSample {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ScriptBench {
  readonly vu: VirtualUser;
  readonly realm: ScriptRealm;
  readonly program: Program;
  readonly samples: BenchSample[];
  /** `level: message` */
  readonly logs: string[];
  /** Calls of test.abort and test.fail. */
  readonly control: string[];
  /** Runs an exported function until nothing of it is left to do; its result comes back as JSON. Rejects with the error's text. */
  run(name?: string): Promise<unknown>;
}

/**
 * Runs the body of a script's default function, which may wait.
 * @param head stands before, at the script's top level
 * @returns its result, as {@link ScriptBench.run} gives it
 */
export async function runBody(body: string, head = '', options: Partial<Options> = {}): Promise<unknown> {
  return (await createScriptBench(`${head}\nexport default async function () { ${body} }`, options)).run();
}

/**
 * Loads a script and runs its init code.
 * @param source the script's text
 * @param secretSources as `--secret-source` takes them
 */
export async function createScriptBench(
  source: string,
  options: Partial<Options> = {},
  folder = '/',
  secretSources: readonly string[] = [],
): Promise<ScriptBench> {
  const program = await loadProgram({ path: null, source, cwd: folder });
  const realm = createRealm();
  const registry = new MetricRegistry();
  const samples: BenchSample[] = [];
  const logs: string[] = [];
  const control: string[] = [];
  const series: SeriesDescription[] = [];
  const writer = new SampleWriter((batch) => {
    series.push(...batch.series);
    for (let i = 0; i < batch.count; i++) {
      const { metric, tags } = series[batch.ids[i]!]!;
      const pairs: Record<string, string> = {};
      for (let at = 0; at < tags.length; at += 2) pairs[tags[at]!] = tags[at + 1]!;
      samples.push({ metric: metric.name, tags: pairs, value: batch.values[i]! });
    }
  });
  const merged: Options = { ...INIT_OPTIONS, ...options };
  const environment: VuEnvironment = {
    tracer: null,
    realm,
    options: merged,
    registry,
    metrics: registerBuiltIns(registry),
    failedIterations: null,
    samples: writer,
    network: new Network(merged),
    logger: { log: (level, message) => logs.push(`${level}: ${message}`) },
    test: {
      abort: (message) => control.push(`abort ${message}`),
      markFailed: (message) => control.push(`fail ${message}`),
    },
    counts: { iterationsCompleted: 3, iterationsInterrupted: 0, vusActive: 1, vusInitialised: 1, testRunDurationMs: 5 },
    secrets: new SecretStore(secretSources),
    programs: NO_PROGRAMS,
    env: {},
    script: { file: null, folder },
    now: () => performance.timeOrigin + performance.now(),
    timeOrigin: performance.timeOrigin,
  };
  const hostModules = await loadHostModules(program.hostImports, folder);
  for (const place of program.extensions ?? []) hostModules.push(await loadExtensionModule(place, environment));
  const modules = new ModuleLoader(environment, hostModules, program);
  const vu = new VirtualUser(environment, {
    idInInstance: 1,
    idInTest: 1,
  });
  vu.loop.onUnhandledRejection = (reason) => logs.push(`unhandled: ${describeError(reason, program).message}`);
  const explain = (error: unknown): never => {
    throw new Error(describeError(error, program).text);
  };
  const { exports } = await instantiate(realm, program, vu, {
    ...createGlobals(environment, vu, lazyGlobalsOf(program)),
    import: (specifier) => modules.import(specifier, vu),
  }).catch(explain);
  vu.phase = 'iteration';
  vu.iteration.inVu = 0;
  vu.tags = TagSet.EMPTY.with('group', '');
  return {
    vu,
    realm,
    program,
    samples,
    logs,
    control,
    async run(name = 'default') {
      const { value } = await vu.loop.run(exports[name], undefined, []).catch(explain);
      await vu.loop.idle();
      writer.flush();
      const text = realm.stringify(value);
      return text === undefined ? undefined : JSON.parse(text);
    },
  };
}
