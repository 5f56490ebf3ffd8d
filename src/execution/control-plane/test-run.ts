// One test from init code to handleSummary, over the places where its load runs: the order of things, and what ends it early.
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { Options } from '../../options/options.ts';
import { latestEnd, type ScenarioConfig } from '../../options/scenario-config.ts';
import type { Program } from '../../script/program.ts';
import { PausableClock, RealClock } from '../clock.ts';
import type { ExecutorProgress } from '../executor.ts';
import type { GeneratorHealth } from '../generator-health.ts';
import {
  DEFAULT_PATIENCE_MS,
  type LoadHost,
  type LoadHosts,
  type LoadListener,
  type LossPolicy,
  type RunCounts,
  type StepLimit,
  stuckError,
} from '../load-host.ts';
import type { SummaryFiles } from '../load-plane/summary-files.ts';
import { redactEvent, redactReply } from '../secrets/redact-message.ts';
import { SecretStore } from '../secrets/secret-store.ts';
import type { LoadEvent, Reply, ReplyTo, ScriptExports, SecretOutcome, Step } from '../worker-protocol.ts';
import { type LostLoad, type RunEnding, type StopReason, tellGap } from './run-ending.ts';
import type { RunListener, RunState } from './run-listener.ts';
import { RunProgress } from './run-progress.ts';

/** What the order to start needs on its way to the hosts, in ms: so that all begin at the same moment. */
const START_LEAD_MS = 2;

/** Virtual users of a scenario that is controlled from outside, over the whole test. */
export interface VuScale {
  readonly scenario: string;
  readonly vus: number;
  readonly maxVus: number;
}

/** A step that a stop cut short: why is known already. */
class CutShort extends ExitError {}

export class TestRun {
  readonly counts: RunCounts;
  readonly #listener: RunListener;
  readonly #load: LoadHosts;
  readonly #hosts: LoadHost[] = [];
  readonly #secrets: SecretStore;
  readonly #patienceMs: number;
  readonly #onLoss: LossPolicy;
  readonly #losses: LostLoad[] = [];
  /** How many instances share the load. */
  #shares = 0;
  /** How many had the share of a host before it, where it has taken that over. */
  readonly #takeovers = new Map<LoadHost, number>();
  /** The time of the run: it stands still while the run is paused. */
  readonly #clock: PausableClock;
  #program: Program | null = null;
  #exports: ScriptExports | null = null;
  #options: Options | null = null;
  #scenarios: readonly ScenarioConfig[] = [];
  #state: RunState = 'loading';
  #stop: StopReason | null = null;
  #error: ExitError | null = null;
  #markedFailed = false;
  #firstFailure: string | null = null;
  #summaryFailure: string | null = null;
  #setupData: string | undefined;
  #startedAt = 0;
  #endedAt = 0;
  /** Lets a run go on that waits before its setup. */
  #resume: (() => void) | null = null;
  /** Whether it is not to begin before it is resumed. */
  #isHeld = false;
  readonly #health: GeneratorHealth[] = [];
  readonly #progress = new RunProgress();
  readonly #scales = new Map<string, VuScale>();

  /**
   * @param load starts the places where load runs, which get ready while the script is being compiled
   * @param options `hosts`: how many are started at once; `secrets`: what the script may ask for; `patienceMs` how long one may take to end when its time is over, before it is ended;
   *   `onLoss`: what to do when an instance is lost
   */
  constructor(
    load: LoadHosts,
    listener: RunListener,
    {
      hosts = 1,
      secrets = new SecretStore(),
      patienceMs = DEFAULT_PATIENCE_MS,
      onLoss = 'continue',
    }: {
      readonly hosts?: number;
      readonly secrets?: SecretStore;
      readonly patienceMs?: number;
      readonly onLoss?: LossPolicy;
    } = {},
  ) {
    this.#listener = listener;
    this.#secrets = secrets;
    this.#patienceMs = load.patienceMs ?? patienceMs;
    this.#load = load;
    this.#clock = new PausableClock(new RealClock(), load.pauses);
    this.#onLoss = onLoss;
    this.counts = load.counts;
    while (this.#hosts.length < hosts) this.#startHost();
  }

  #startHost(): LoadHost {
    const index = this.#hosts.length;
    const host = this.#load.start(index, this.#listenerFor(index));
    this.#hosts.push(host);
    return host;
  }

  #listenerFor(index: number): LoadListener {
    return (event) => this.#hear(redactEvent(event, this.#secrets.redactor), index);
  }

  #hear(event: LoadEvent, index: number): void {
    switch (event.type) {
      case 'samples':
        this.#listener.onSamples(event.batch, index + 1);
        return;
      case 'report':
        this.#listener.onReport?.(event.report, index + 1);
        return;
      case 'log':
        if (event.fields?.['source'] === 'stacktrace') this.#firstFailure ??= event.message;
        this.#listener.onLog(event.level, event.message, event.fields);
        return;
      case 'progress':
        this.#progress.hear(index, event);
        return;
      case 'secret':
        void this.#tellSecret(event, index);
        return;
      case 'abort':
        this.stop({
          exitCode: EXIT.scriptAborted,
          message: event.message ? `test aborted: ${event.message}` : 'test aborted',
        });
        return;
      case 'mark-failed':
        this.#markedFailed = true;
        if (event.message) this.#listener.onLog('error', `test marked as failed: ${event.message}`);
        return;
      case 'cut-off':
        this.stop({ exitCode: EXIT.other, message: event.message });
        return;
    }
  }

  async #tellSecret({ id, source, key }: Extract<LoadEvent, { type: 'secret' }>, index: number): Promise<void> {
    const outcome = await this.#secrets.get(source, key).then(
      (value): SecretOutcome => ({ value }),
      (error: unknown): SecretOutcome => ({ problem: (error as Error).message }),
    );
    this.#hosts[index]!.tell({ type: 'secret', id, outcome });
  }

  /** Has a host do a step. @returns its reply, without secrets */
  async #ask<S extends Step>(
    host: LoadHost,
    step: S,
    limit?: StepLimit,
  ): Promise<ReplyTo<S> | Extract<Reply, { type: 'failed' }> | null> {
    const reply = await host.ask(step, limit);
    return reply === null ? null : redactReply(reply, this.#secrets.redactor);
  }

  get state(): RunState {
    return this.#state;
  }

  /** What the first failed iteration threw, with its position; null when none failed. */
  get firstFailure(): string | null {
    return this.#firstFailure;
  }

  /** Why the run is being cut short, if it is. */
  get stopReason(): StopReason | null {
    return this.#stop;
  }

  get hasMarkedFailed(): boolean {
    return this.#markedFailed;
  }

  /** Whether it waits to be resumed, before its setup or in the middle. */
  get isPaused(): boolean {
    return this.#isHeld || this.#clock.isPaused;
  }

  /** Ms since the virtual users were ready and setup began, until teardown ended, without pauses. */
  get elapsedMs(): number {
    if (this.#startedAt === 0) return 0;
    return (this.#endedAt || this.#clock.now()) - this.#startedAt;
  }

  /** JSON text of what setup returned, or of what was put in its place. */
  get setupData(): string | undefined {
    return this.#setupData;
  }

  /** Puts other data in the place of what setup returned: for virtual users that have not begun, and teardown. */
  set setupData(json: string | undefined) {
    this.#setupData = json;
  }

  /** How busy the busiest host was when it was last heard of, 0 to 1. */
  get busyShare(): number {
    return this.#progress.busyShare;
  }

  /** Where each scenario stands, in the order of the scenarios, without secrets; empty before they begin. */
  get progress(): { config: ScenarioConfig; progress: ExecutorProgress }[] {
    return this.#scenarios.flatMap((config) => {
      const progress = this.#progress.of(config.name, this.#load.areInstances);
      return progress === null ? [] : [{ config: this.#secrets.redactor.redactData(config), progress }];
    });
  }

  /**
   * Runs the script's init code once.
   * @throws ExitError when it throws
   */
  async load(program: Program): Promise<ScriptExports> {
    // The first one goes ahead: what its SharedArrays hold need not be made again where hosts can share it.
    const [first, ...others] = this.#hosts;
    this.#expectNoStop();
    const { exports } = this.#expect(await this.#ask(first!, { type: 'load', program }));
    this.#program = program;
    await this.#loadOn(others);
    this.#exports = exports;
    return exports;
  }

  /** Divides the load over that many hosts, at least over those that are there. @throws ExitError when the init code throws */
  async grow(count: number): Promise<void> {
    if (this.#stop) return;
    const before = this.#hosts.length;
    while (this.#hosts.length < count) this.#startHost();
    await this.#loadOn(this.#hosts.slice(before));
  }

  async #loadOn(hosts: readonly LoadHost[]): Promise<void> {
    this.#expectNoStop();
    const load = { type: 'load', program: this.#program! } as const;
    for (const reply of await Promise.all(hosts.map((host) => this.#ask(host, load)))) this.#expect(reply);
  }

  /** Ends all places of load: after a run, after bad options, or `inspect`. */
  async dispose(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.exit()));
  }

  /**
   * Cuts the test short: iterations are interrupted; teardown and the summary still come. The first reason counts.
   */
  stop(reason: StopReason): void {
    if (this.#stop || this.#state === 'ended') return;
    this.#stop = reason;
    this.#begin();
    if (this.#state === 'teardown') return;
    for (const host of this.#hosts) host.tell({ type: 'stop' });
    this.#letTimeGoOn();
  }

  /**
   * Lets the scenarios stand still: nothing new starts, what is in progress goes on, and the time does not count.
   * @returns whether that is possible now: only what runs can be paused
   */
  pause(): boolean {
    if (this.#state !== 'running' || this.#stop || this.isPaused) return this.isPaused;
    this.#clock.pause();
    this.counts.pause();
    for (const host of this.#hosts) host.tell({ type: 'pause' });
    return true;
  }

  /** Lets a run go on that is paused, in the middle or before its setup. */
  resume(): void {
    this.#begin();
    if (!this.#clock.isPaused) return;
    for (const host of this.#hosts) host.tell({ type: 'resume' });
    this.#letTimeGoOn();
  }

  /** Has the run wait before its setup until it is resumed. */
  hold(): void {
    this.#isHeld = !this.#stop;
  }

  /** Lets a run that waits before its setup begin. */
  #begin(): void {
    this.#isHeld = false;
    this.#resume?.();
  }

  #letTimeGoOn(): void {
    if (!this.#clock.isPaused) return;
    this.#clock.resume();
    this.counts.resume();
  }

  /** The scenario whose virtual users can be changed, with how many it has and may have; null: none can. */
  get scalable(): VuScale | null {
    const config = this.#scenarios.find(({ executor }) => executor === 'externally-controlled');
    if (config?.executor !== 'externally-controlled') return null;
    return this.#scales.get(config.name) ?? { scenario: config.name, vus: config.vus, maxVus: config.maxVUs };
  }

  /** Changes the virtual users of the scenario that is controlled from outside. */
  scale(scale: VuScale): void {
    this.#scales.set(scale.scenario, scale);
    for (const host of this.#hosts) host.tell({ type: 'scale', ...scale });
  }

  /**
   * Initialises the virtual users, runs setup, the scenarios and teardown. Never rejects: what failed is in the result.
   */
  async run(options: Options, scenarios: readonly ScenarioConfig[]): Promise<RunEnding> {
    this.#options = options;
    this.#scenarios = scenarios;
    try {
      await this.#initialise();
      if (this.#isHeld) await this.#waitForResume();
      // What never began has nothing to tear down.
      if (options.paused && this.#stop) throw new CutShort(this.#stop.exitCode, this.#stop.message);
      this.#startedAt = this.#load.begunAtMs ?? this.#clock.now();
      this.counts.start(this.#startedAt);
      if (!options.noSetup && !this.#stop) {
        this.#enter('setup');
        await this.runSetup();
      }
      if (!this.#stop) await this.#runScenarios();
      if (!options.noTeardown) {
        this.#enter('teardown');
        await this.runTeardown();
      }
    } catch (error) {
      if (!(error instanceof CutShort)) this.#noteFailure(error);
      await this.#collectSamples();
    }
    this.#endedAt = this.#clock.now();
    this.#enter('ended');
    return {
      stop: this.#stop,
      error: this.#error,
      losses: this.#losses,
      markedFailed: this.#markedFailed,
      durationMs: this.elapsedMs,
      setupData: this.#setupData === undefined ? undefined : this.#secrets.redactor.redactJson(this.#setupData),
      health: this.#health,
    };
  }

  #enter(state: RunState): void {
    this.#state = state;
    this.#listener.onState?.(state);
  }

  /** Resolves when the run is resumed or stopped. */
  async #waitForResume(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      this.#enter('paused');
    });
  }

  /** Has the hosts hand over what a step measured that ended without a reply: setup that was cut short. */
  async #collectSamples(): Promise<void> {
    const limit = { timeoutMs: this.#patienceMs, late: stuckError };
    await Promise.all(this.#hosts.map((host) => host.ask({ type: 'flush' }, limit).catch(() => null)));
  }

  /** Keeps the first failure for the end of the run; what would not be heard of then is logged now. */
  #noteFailure(error: unknown): void {
    const failure =
      error instanceof ExitError ? error : new ExitError(EXIT.internalError, String((error as Error)?.stack ?? error));
    if (this.#stop || this.#error) this.#listener.onLog('error', failure.message);
    this.#error ??= failure;
  }

  async #initialise(): Promise<void> {
    this.#enter('initialising');
    this.#expectNoStop();
    this.#shares = this.#hosts.length;
    const replies = await Promise.all(this.#hosts.map((host) => this.#configure(host)));
    for (const reply of replies) this.#expect(reply);
  }

  #configure(host: LoadHost) {
    const [options, scenarios] = [this.#options!, this.#scenarios];
    return this.#ask(host, { type: 'configure', options, scenarios, count: this.#shares });
  }

  /** A host that has been told to stop begins nothing. @throws CutShort where that is so */
  #expectNoStop(): void {
    if (this.#stop) throw new CutShort(this.#stop.exitCode, this.#stop.message);
  }

  /** @returns the reply of a step that did not fail @throws ExitError where it failed, or was cut short and has no reply */
  #expect<R extends Reply>(reply: R | Extract<Reply, { type: 'failed' }> | null): Exclude<R, { type: 'failed' }> {
    if (reply === null) throw new CutShort(this.#stop!.exitCode, this.#stop!.message);
    if (reply.type === 'failed') throw new ExitError(EXIT.scriptException, reply.failure.text);
    return reply as Exclude<R, { type: 'failed' }>;
  }

  /** The host for what is done once. */
  get #firstAlive(): LoadHost | undefined {
    return this.#hosts.find((host) => host.alive);
  }

  /**
   * Runs setup, where the script has one; what it returns is the setup data from now on.
   * @throws ExitError where it fails or takes too long
   */
  async runSetup(): Promise<void> {
    const { setupTimeoutMs } = this.#options!;
    const host = this.#firstAlive;
    if (!host || !this.#exports!.functions.includes('setup')) return;
    const reply = await this.#ask(
      host,
      { type: 'setup' },
      {
        timeoutMs: setupTimeoutMs,
        late: () =>
          new ExitError(EXIT.setupTimeout, `setup() execution timed out after ${setupTimeoutMs / 1000} seconds`),
      },
    );
    this.#setupData = this.#expect(reply).setupData;
  }

  async #runScenarios(): Promise<void> {
    this.#enter('running');
    const startMs = this.#load.startedAtMs ?? this.#clock.now() + (this.#load.startLeadMs ?? START_LEAD_MS);
    await Promise.all(this.#hosts.map((host) => this.#runOn(host, startMs)));
  }

  /** Has a host run the scenarios, and another one in its place where it is lost. @param startMs when they began, in the time of the run */
  async #runOn(host: LoadHost, startMs: number): Promise<void> {
    const longest = Math.max(0, ...this.#scenarios.map(latestEnd));
    const takeover = this.#takeovers.get(host) ?? 0;
    const begins = host.alive;
    try {
      const { stoodMs } = this.#clock;
      const running = this.#ask(
        host,
        {
          type: 'start',
          setupData: this.#setupData,
          atMs: startMs,
          ...(takeover > 0 && { takeover }),
          ...(stoodMs > 0 && { stoodMs }),
        },
        { timeoutMs: longest + this.#patienceMs, late: stuckError, endsHost: true },
      );
      if (this.#clock.isPaused) host.tell({ type: 'pause' });
      const reply = await running;
      if (reply?.type === 'failed') throw new ExitError(EXIT.scriptException, reply.failure.text);
      if (reply?.type === 'finished') this.#health.push(reply.health);
    } catch (error) {
      await this.#lose(host, error, startMs, begins);
    }
  }

  /**
   * A host is gone: what it measured stands, and the others go on with their own shares.
   * @param hadBegun whether it had been told to run the scenarios
   */
  async #lose(host: LoadHost, error: unknown, startMs: number, hadBegun: boolean): Promise<void> {
    const isReplaceable = error instanceof ExitError && error.exitCode !== EXIT.scriptException;
    if (this.#onLoss === 'replace' && isReplaceable && (await this.#replace(host, error, startMs, hadBegun))) return;
    if (this.#shares === 1 || !(error instanceof ExitError)) {
      this.#noteFailure(error);
      return;
    }
    if (this.#load.areInstances) {
      this.#loseInstance(host, error);
      return;
    }
    const left = this.#hosts.filter((other) => other.alive).length;
    const rest = left > 0 ? `the other ${left === 1 ? 'one goes' : `${left} go`} on` : 'no other is left';
    this.#noteFailure(
      new ExitError(error.exitCode, `${error.message}\n${this.#shareOf(host)} is missing from then on; ${rest}`),
    );
  }

  #loseInstance(host: LoadHost, { message, exitCode }: ExitError): void {
    const missing = `${message}; ${this.#shareOf(host)} is missing from second ${this.#second} of the test on`;
    this.#losses.push({ text: missing, isMadeGood: false });
    this.#listener.onLog('error', missing);
    if (!this.#hosts.some((host) => host.alive))
      this.#noteFailure(new ExitError(exitCode, `no agent is left: ${message}`));
    else if (this.#onLoss === 'stop') this.stop({ exitCode, message: missing });
  }

  /** How much a host makes, for messages. */
  #shareOf(host: LoadHost): string {
    return `${this.#load.shareOf?.(host) ?? `1/${this.#shares}`} of the load`;
  }

  /** Whole seconds since the test began. */
  get #second(): number {
    return Math.round(this.elapsedMs / 1000);
  }

  /**
   * Has a spare host take over the share of one that is lost, and run it to its end. What goes by time goes on in its middle; of a number of
   * iterations nobody knows which are left, so what is under way of those is missing.
   * @returns false: there is none, or nothing for it to do
   */
  async #replace(lost: LoadHost, { message }: ExitError, startMs: number, hadBegun: boolean): Promise<boolean> {
    const losing = this.#hosts.indexOf(lost);
    const takeover = (this.#takeovers.get(lost) ?? 0) + (hadBegun ? 1 : 0);
    const elapsedMs = takeover > 0 ? this.#clock.now() - startMs : null;
    if (this.#stop) return false;
    const remainder = this.#progress.whatIsLeft(losing, this.#scenarios, elapsedMs);
    const replacement = this.#load.replace?.(lost, this.#listenerFor(this.#hosts.length), remainder) ?? null;
    if (replacement === null) return false;
    const { host, broken } = replacement;
    this.#hosts.push(host);
    this.#takeovers.set(host, takeover);
    const share = this.#shareOf(host);
    const since = this.#second;
    this.#listener.onLog('error', `${message}; another one takes over ${share}`);
    try {
      this.#expect(await this.#ask(host, { type: 'load', program: this.#program! }));
      this.#expect(await this.#configure(host));
    } catch (error) {
      // Lost as well, before it had begun: the next one has the same to do.
      if (!(error instanceof CutShort)) await this.#lose(host, error, startMs, false);
      return true;
    }
    this.#progress.forget(losing);
    const running = this.#runOn(host, startMs);
    for (const scale of this.#scales.values()) host.tell({ type: 'scale', ...scale });
    const gap = tellGap(message, share, [since, this.#second], broken);
    this.#losses.push(gap);
    this.#listener.onLog('warning', gap.text);
    await running;
    return true;
  }

  /** Runs teardown, where the script has one. @throws ExitError where it fails or takes too long */
  async runTeardown(): Promise<void> {
    const { teardownTimeoutMs } = this.#options!;
    const host = this.#firstAlive;
    if (!host || !this.#exports!.functions.includes('teardown')) return;
    const reply = await this.#ask(
      host,
      { type: 'teardown', setupData: this.#setupData },
      {
        timeoutMs: teardownTimeoutMs,
        late: () =>
          new ExitError(
            EXIT.teardownTimeout,
            `teardown() execution timed out after ${teardownTimeoutMs / 1000} seconds`,
          ),
      },
    );
    if (reply?.type === 'failed') throw new ExitError(EXIT.scriptException, reply.failure.text);
  }

  /** Why the script's handleSummary came to nothing; null: it did not fail. */
  get summaryFailure(): string | null {
    return this.#summaryFailure;
  }

  #failSummary(text: string): void {
    this.#summaryFailure = text;
    this.#listener.onLog('error', text);
  }

  /**
   * Runs the script's handleSummary.
   * @param data what it gets
   * @returns what it returned; null when there is none or it failed, which is logged: the usual summary is wanted then
   */
  async handleSummary(data: unknown): Promise<SummaryFiles | null> {
    const host = this.#load.reader ?? this.#firstAlive;
    if (!host || !this.#exports!.functions.includes('handleSummary')) return null;
    const timeoutMs = this.#options!.handleSummaryTimeoutMs;
    try {
      const reply = await this.#ask(
        host,
        { type: 'summary', data },
        {
          timeoutMs,
          late: () =>
            new ExitError(EXIT.genericTimeout, `handleSummary() execution timed out after ${timeoutMs / 1000} seconds`),
        },
      );
      if (reply?.type === 'summary-done') return reply.files;
      if (reply?.type === 'failed') this.#failSummary(reply.failure.text);
    } catch (error) {
      this.#failSummary((error as Error).message);
    }
    return null;
  }
}
