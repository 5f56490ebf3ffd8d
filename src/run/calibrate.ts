// Measures what a test takes of the machine that makes its load: runs it for a few seconds with few virtual users on one thread.
import { planVus } from '../execution/vu-plan.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { readScriptSettings } from '../options/read-settings.ts';
import type { ScenarioConfig } from '../options/scenario-config.ts';
import { Share } from '../options/segment.ts';
import type { RunObserver, RunResult, RunSnapshot } from './run-observer.ts';
import type { RunRequest } from './run-request.ts';
import { RunSession } from './run-session.ts';
import { countSockets } from './system-limits.ts';

/** Virtual users that are made and do nothing, to see what they take. */
const IDLE_VUS = 400;
/** Seconds at the beginning in which code is compiled and connections are made: they do not count. */
const WARM_UP_S = 2;
const CALLER = 'sixfold plan';

export interface Calibration {
  readonly vus: number;
  /** Of the part that counts, in s. */
  readonly seconds: number;
  readonly iterations: number;
  readonly failed: number;
  /** Ms that one takes, with what it sleeps. */
  readonly iterationMs: number;
  /** Ms of processor time that one takes. */
  readonly cpuMs: number;
  /** MB before there are virtual users. */
  readonly baseMb: number;
  /** KB of each virtual user. */
  readonly vuKb: number;
  /** Open connections of each virtual user. */
  readonly socketsPerVu: number;
  /** Connections that each iteration makes and does not leave open. */
  readonly closedPerIteration: number;
  /** What must be known before any number, sentences. */
  readonly concerns: readonly string[];
}

export interface CalibrationWish {
  readonly request: Omit<RunRequest, 'settings'>;
  readonly scenarios: readonly ScenarioConfig[];
  readonly vus: number;
  /** With the part that does not count. */
  readonly seconds: number;
}

/** @throws ExitError where the script does not run, or no iteration comes to its end */
export async function calibrate(wish: CalibrationWish): Promise<Calibration> {
  const { vus, seconds } = wish;
  const idle = (count: number): object => ({
    scenarios: {
      idle: {
        executor: 'constant-arrival-rate',
        ...{ rate: 1, timeUnit: '1h', duration: '1s', preAllocatedVUs: count, gracefulStop: '0s' },
        ...execOf(wish.scenarios[0]),
        startTime: '1s',
      },
    },
  });
  const few = await measure(wish, idle(1));
  const many = await measure(wish, idle(1 + IDLE_VUS));
  const parts = partsOf(wish.scenarios, vus);
  const loaded = await measure(wish, { scenarios: scenariosFor(wish.scenarios, parts, seconds) });
  // Each scenario has one at least, however few were asked for.
  const running = parts.reduce((sum, part) => sum + part, 0);
  const iterations = loaded.iterations;
  if (iterations === 0)
    throw new ExitError(
      EXIT.other,
      `no iteration came to its end in ${seconds} s: the test cannot be measured in so short a time. Give it more with --calibration`,
    );
  const perVu = Math.max(0, many.peakMb - few.peakMb) / IDLE_VUS;
  return {
    vus: running,
    seconds: loaded.seconds,
    iterations,
    failed: loaded.failed,
    iterationMs: (loaded.seconds * 1000 * running) / iterations,
    cpuMs: loaded.cpuMs / iterations,
    baseMb: Math.max(few.peakMb, loaded.peakMb - perVu * running),
    vuKb: perVu * 1024,
    socketsPerVu: loaded.sockets / running,
    closedPerIteration: Math.max(0, loaded.connects - loaded.sockets) / loaded.allIterations,
    concerns: loaded.concerns,
  };
}

interface Measured {
  readonly seconds: number;
  readonly iterations: number;
  readonly allIterations: number;
  readonly failed: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly sockets: number;
  readonly connects: number;
  readonly concerns: readonly string[];
}

/** Looks once a second while the scenarios run. */
class Watch implements RunObserver {
  readonly #before = countSockets();
  readonly #moments: { readonly atMs: number; readonly completed: number; readonly cpuMs: number }[] = [];
  peakMb = 0;
  sockets = 0;
  connects = 0;
  result: RunResult | null = null;

  onSeries(metric: string): readonly { add(value: number): void; mergeDelta(): void }[] {
    if (!/_req_connecting$|^ws_connecting$/.test(metric)) return [];
    return [{ add: (value) => void (value > 0 && this.connects++), mergeDelta: () => {} }];
  }

  onSnapshot({ state, completed }: RunSnapshot): void {
    this.peakMb = Math.max(this.peakMb, process.memoryUsage.rss() / 1024 ** 2);
    if (state !== 'running') return;
    this.sockets = Math.max(this.sockets, countSockets() - this.#before);
    const { user, system } = process.cpuUsage();
    this.#moments.push({ atMs: performance.now(), completed, cpuMs: (user + system) / 1000 });
  }

  onEnd(result: RunResult): void {
    this.result = result;
  }

  /** Of the time in which the load was steady. */
  get steady(): { readonly seconds: number; readonly iterations: number; readonly cpuMs: number } {
    const moments = this.#moments.slice(Math.min(WARM_UP_S, this.#moments.length - 2));
    const [first, last] = [moments[0], moments.at(-1)];
    if (first === undefined || last === undefined || first === last) return { seconds: 0, iterations: 0, cpuMs: 0 };
    return {
      seconds: (last.atMs - first.atMs) / 1000,
      iterations: last.completed - first.completed,
      cpuMs: last.cpuMs - first.cpuMs,
    };
  }
}

async function measure({ request }: CalibrationWish, options: object): Promise<Measured> {
  const watch = new Watch();
  const session = new RunSession(
    {
      ...request,
      settings: readScriptSettings(options, [], { where: CALLER }),
      caller: CALLER,
      workers: 1,
      noThresholds: true,
    },
    [watch],
  );
  await session.run();
  const { result, steady } = watch;
  if (result === null) throw new Error('a run of the calibration has no result');
  if (result.exitCode !== EXIT.ok && result.exitCode !== EXIT.markedFailed)
    throw new ExitError(result.exitCode, `the calibration did not come to its end: ${result.reason ?? ''}`);
  return {
    ...steady,
    allIterations: Math.max(1, result.iterations.completed),
    failed: result.iterations.failed,
    peakMb: watch.peakMb,
    sockets: Math.max(0, watch.sockets),
    connects: watch.connects,
    concerns: result.concerns.map(({ text }) => text),
  };
}

function execOf(config: ScenarioConfig | undefined): object {
  return config === undefined ? {} : { exec: config.exec, env: config.env };
}

/** @returns how many of the virtual users each scenario gets, in proportion to what it has at most; one at least */
function partsOf(scenarios: readonly ScenarioConfig[], vus: number): readonly number[] {
  const weights = scenarios.map((config) => Math.max(1, planVus([config], Share.WHOLE).max));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.max(1, Math.round((vus * weight) / total)));
}

function scenariosFor(scenarios: readonly ScenarioConfig[], parts: readonly number[], seconds: number): object {
  return Object.fromEntries(
    scenarios.map((config, index) => [
      config.name,
      {
        executor: 'constant-vus',
        vus: parts[index],
        duration: `${seconds}s`,
        gracefulStop: '5s',
        ...execOf(config),
      },
    ]),
  );
}
