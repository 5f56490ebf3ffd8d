// For tests: k6/http in a virtual user, without threads or a run around it.
import { registerBuiltIns } from '../../metrics/built-in.ts';
import { MetricRegistry } from '../../metrics/metric-registry.ts';
import type { SeriesDescription } from '../../metrics/sample-batch.ts';
import { SampleWriter } from '../../metrics/sample-writer.ts';
import { INIT_OPTIONS, type Options } from '../../options/options.ts';
import { instantiate } from '../../script/instantiate.ts';
import { loadProgram } from '../../script/load/load-program.ts';
import { createRealm } from '../../script/realm.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { Network } from '../../vu/network.ts';
import { NO_PROGRAMS } from '../../vu/programs.ts';
import { VirtualUser } from '../../vu/virtual-user.ts';
import { httpModule } from './index.ts';

export interface Sample {
  metric: string;
  tags: Record<string, string>;
  value: number;
}

/** A virtual user that runs scripts of k6/http, and what they measure and log. */
export interface Bench {
  vu: VirtualUser;
  samples: Sample[];
  logs: string[];
  /** Runs a script's default function, given as source; `http` and `base` are in scope. Its result comes back as JSON. */
  run(source: string): Promise<unknown>;
}

/** @param base the address that scripts find as `base` */
export function createHttpBench(base: string, options: Partial<Options> = {}): Bench {
  const realm = createRealm();
  const registry = new MetricRegistry();
  const samples: Sample[] = [];
  const logs: string[] = [];
  const series: SeriesDescription[] = [];
  const writer = new SampleWriter((batch) => {
    series.push(...batch.series);
    for (let index = 0; index < batch.count; index++) {
      const { metric, tags } = series[batch.ids[index] ?? -1] as SeriesDescription;
      const pairs: Record<string, string> = {};
      for (let at = 0; at < tags.length; at += 2) pairs[tags[at] ?? ''] = tags[at + 1] ?? '';
      samples.push({ metric: metric.name, tags: pairs, value: batch.values[index] ?? Number.NaN });
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
    logger: {
      log: (level, message, fields) =>
        logs.push(`${level}: ${message}${fields?.['error'] === undefined ? '' : ` ${fields['error']}`}`),
    },
    test: { abort() {}, markFailed() {} },
    counts: { iterationsCompleted: 0, iterationsInterrupted: 0, vusActive: 1, vusInitialised: 1, testRunDurationMs: 0 },
    programs: NO_PROGRAMS,
    secrets: { get: () => Promise.reject(new Error('no secrets here')) },
    env: {},
    script: { file: null, folder: '/' },
    now: () => Date.now(),
    timeOrigin: 0,
  };
  const vu = new VirtualUser(environment, { idInInstance: 1, idInTest: 1 });
  vu.phase = 'iteration';
  const exports = httpModule.create(environment)(vu);
  return {
    vu,
    samples,
    logs,
    async run(source) {
      const program = await loadProgram({
        path: null,
        source: `import http from 'k6/http';\nexport default ${source}`,
        cwd: '/',
      });
      const { exports: script } = await instantiate(realm, program, vu, {
        globals: { base },
        import: () => ({ default: exports.named }),
      });
      const { value } = await vu.loop.run(script['default'], undefined, []);
      writer.flush();
      const text = realm.stringify(value);
      return text === undefined ? undefined : JSON.parse(text);
    },
  };
}
