// `import { run } from 'sixfold'`: tests started, watched and steered from Node, a test runner or a service.
import { EXIT } from '../exit/exit-error.ts';
import { readScriptSettings } from '../options/read-settings.ts';
import type { RunObserver } from '../run/run-observer.ts';
import { RunSession } from '../run/run-session.ts';
import { checkWorkers } from '../run/worker-count.ts';
import type { Progress, RunEvent, RunningTest, RunOptions, TestResult } from './api.ts';
import { EventQueue } from './event-queue.ts';
import { toTestResult } from './test-result.ts';

export type * from './api.ts';

/**
 * Starts a test. Several may run one after the other; the memory and threads of each are let go of when it ends.
 * @throws ExitError for options that cannot be read; what else is wrong rejects the result
 */
export function run(options: RunOptions): RunningTest {
  return new SessionTest(options);
}

class SessionTest implements RunningTest {
  readonly result: Promise<TestResult>;
  readonly #session: RunSession;
  readonly #events = new EventQueue<RunEvent>();

  constructor({ script, source, options, env, workers, noThresholds, strict, signal, onEvent }: RunOptions) {
    if ((script === undefined) === (source === undefined))
      throw new TypeError('run() needs a script: its path as "script", or its text as "source"');
    const ineffective: string[] = [];
    const caller = 'the options of run()';
    const settings = readScriptSettings(options ?? {}, ineffective, { where: caller });
    if (workers !== undefined) checkWorkers(workers);
    // What the listener throws must not get into the run: it ends that, and comes out with the result.
    let fault: { readonly error: unknown } | null = null;
    const blame = (error: unknown): void => {
      fault ??= { error };
      this.#session.interrupt({ exitCode: EXIT.interrupted, message: 'test run was aborted: its listener has failed' });
    };
    const emit = (event: RunEvent): void => {
      if (event.type === 'end') this.#events.end(event);
      else this.#events.push(event);
      try {
        const returned: unknown = onEvent?.(event);
        if (returned instanceof Promise) returned.catch(blame);
      } catch (error) {
        blame(error);
      }
    };
    this.#session = new RunSession(
      {
        script: script ?? '-',
        settings,
        caller,
        variables: env ?? {},
        programs: process.env,
        isControlled: true,
        ineffective,
        ...(source !== undefined && { source }),
        ...(workers !== undefined && { workers }),
        ...(noThresholds !== undefined && { noThresholds }),
        ...(strict !== undefined && { strict }),
      },
      [observeWith(emit)],
    );
    const abort = (): void =>
      this.#session.interrupt({ exitCode: EXIT.interrupted, message: 'test run was aborted by its signal' });
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    this.result = this.#session
      .run()
      .then((result) => {
        const told = toTestResult(result);
        emit({ type: 'end', result: told });
        return told;
      })
      .finally(() => {
        if (fault !== null) throw fault.error;
      })
      .finally(() => {
        signal?.removeEventListener('abort', abort);
        this.#events.end();
      });
    // Whoever only iterates hears of a failure by the end of the events; it is no unhandled one.
    this.result.catch(() => {});
  }

  then<A = TestResult, B = never>(
    onResult?: ((result: TestResult) => A | PromiseLike<A>) | null,
    onFailure?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.result.then(onResult, onFailure);
  }

  /** The events from now on; one that nobody reads in time is left out when thousands wait. */
  async *[Symbol.asyncIterator](): AsyncIterator<RunEvent> {
    yield* this.#events;
    await this.result;
  }

  get progress(): Progress {
    return this.#session.snapshot();
  }

  pause(): void {
    this.#session.pause();
  }

  resume(): void {
    this.#session.resume();
  }

  scale(change: { readonly vus?: number; readonly maxVus?: number }): void {
    this.#session.scale(change);
  }

  stop(): void {
    this.#session.stop();
  }
}

function observeWith(emit: (event: RunEvent) => void): RunObserver {
  return {
    onState: (state) => emit({ type: 'state', state }),
    onSnapshot: (progress) => emit({ type: 'progress', progress }),
    onVerdicts: ({ crossed }) => emit({ type: 'verdicts', crossed }),
    onLog: (level, message, fields, time) => emit({ type: 'log', level, message, fields, time }),
  };
}
