// `--out junit=FILE` and `--out github`: what a run came to, for the system that started it. They take no samples.
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderAnnotations, renderGithubSummary } from '../report/github-summary.ts';
import { renderJunit } from '../report/junit.ts';
import { judgeOutcome, type RunOutcome } from '../report/outcome.ts';
import { buildSummary } from '../report/summary.ts';
import type { RunObserver, RunPlan, RunResult } from '../run/run-observer.ts';
import type { OutputContext } from './output.ts';
import { OutputError } from './output-error.ts';
import { whyNotWritable } from './why-not-writable.ts';

/** The variable in which GitHub Actions name the file of a step's summary. */
const STEP_SUMMARY = 'GITHUB_STEP_SUMMARY';

type Context = Pick<OutputContext, 'env' | 'writeStdout' | 'warn'>;

interface Destination {
  readonly description: string;
  readonly file: string;
  /** @throws what the system says */
  write(outcome: RunOutcome): void;
}

const DESTINATIONS: Readonly<Record<string, (argument: string, context: Context) => Destination>> = {
  junit: (argument) => {
    if (argument === '') throw new OutputError('the output junit needs a file, as in junit=results.xml');
    const file = path.resolve(argument);
    return {
      description: `junit (${argument})`,
      file,
      write: (outcome) => writeFileSync(file, renderJunit(outcome)),
    };
  },
  github: (argument, { env, writeStdout = (text) => void process.stdout.write(text) }) => {
    const file = argument || env[STEP_SUMMARY] || '';
    if (file === '')
      throw new OutputError(
        `the output github writes to the file that GitHub Actions name in ${STEP_SUMMARY}, and it is not set`,
      );
    return {
      description: 'github (step summary)',
      file,
      write: (outcome) => {
        appendFileSync(file, renderGithubSummary(outcome));
        const lines = renderAnnotations(outcome);
        if (lines.length > 0) writeStdout(`${lines.join('\n')}\n`);
      },
    };
  },
};

export const OUTCOME_OUTPUTS: readonly string[] = Object.keys(DESTINATIONS);

export class OutcomeOutput implements RunObserver {
  readonly #specification: string;
  readonly #context: Context;
  #destination: Destination | null = null;
  #script = '';
  #startedAt = new Date();

  /** @param specification as `--out` takes it: `type[=argument]` */
  constructor(specification: string, context: Context) {
    this.#specification = specification;
    this.#context = context;
  }

  /** Whether `--out` means one of these. */
  static handles(specification: string): boolean {
    return Object.hasOwn(DESTINATIONS, splitType(specification)[0]);
  }

  /** As the announcement of a run shows it. */
  get description(): string {
    return this.#destination?.description ?? this.#specification;
  }

  get name(): string {
    return `the output ${this.description}`;
  }

  /** @throws OutputError where it cannot be written: known before there is load */
  onReady({ script }: RunPlan): void {
    const [type, argument] = splitType(this.#specification);
    const destination = DESTINATIONS[type](argument, this.#context);
    const problem = whyNotWritable(destination.file);
    if (problem !== null) throw new OutputError(`could not write to ${destination.file}: ${problem}`);
    this.#destination = destination;
    this.#script = script;
    this.#startedAt = new Date();
  }

  onEnd(result: RunResult): readonly string[] {
    const { engine, durationMs, iterations, concerns, exitCode, reason } = result;
    const summary = buildSummary(engine, {
      durationMs,
      trendStats: [],
      timeUnit: null,
      noColor: true,
      isStdoutTty: false,
      isStderrTty: false,
      iterations,
      concerns,
    });
    const run = { script: this.#script, startedAt: this.#startedAt, exitCode, reason };
    try {
      this.#destination?.write(judgeOutcome(summary, run));
      return [];
    } catch (error) {
      const problem = `${this.name} could not be written: ${(error as Error).message}`;
      this.#context.warn?.(problem);
      return [problem];
    }
  }
}

/** @param specification as `--out` takes it: `type[=argument]` */
export function splitType(specification: string): [type: string, argument: string] {
  const equals = specification.indexOf('=');
  return equals < 0
    ? [specification.trim(), '']
    : [specification.slice(0, equals).trim(), specification.slice(equals + 1)];
}
