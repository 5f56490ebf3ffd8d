// A virtual user: one instance of the script with its own state, tags and counters.

import { TagSet } from '../metrics/tag-set.ts';
import { systemTagFlags } from '../options/system-tag-flags.ts';
import type { ScriptVu, VuLoop } from '../script/realm-interface.ts';
import type { ByteMeter } from '../wire/net/byte-meter.ts';
import { InterruptCall, type InterruptHook, InterruptHooks } from './interrupt-hooks.ts';
import { createEnv } from './script-variables.ts';
import type { IterationTrace, Tracer } from './tracing/tracer.ts';
import type { VuEnvironment } from './worker-environment.ts';

/** What the virtual user's code is running for: what is allowed depends on it. */
export type Phase = 'init' | 'setup' | 'iteration' | 'teardown' | 'summary';

/** A scenario as the virtual users of one worker see it. */
export interface ScenarioState {
  readonly name: string;
  readonly executor: string;
  /** The exported function that an iteration calls. */
  readonly exec: string;
  /** The scenario's own variables, laid over `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether its options ask for a browser. */
  readonly hasBrowser: boolean;
  /** Run tags, the scenario's own and the system tags `scenario` and `group`, as every iteration starts with. */
  readonly tags: TagSet;
  /** Epoch milliseconds. */
  readonly startTime: number;
  /** 0 to 1. */
  progress(): number;
}

/** Where a virtual user is within its iterations. */
export interface IterationState {
  /** `__ITER`: 0-based over the virtual user's whole life, -1 before the first. */
  inVu: number;
  /** 0-based since the virtual user joined its scenario. */
  inScenario: number;
  /** 0-based over all virtual users of this instance for the scenario, and over the whole test. */
  scenarioInInstance: number;
  scenarioInTest: number;
}

type Hook = () => void;

export class VirtualUser implements ScriptVu {
  readonly environment: VuEnvironment;
  readonly loop: VuLoop;
  /** 1-based; 0 for the virtual user of init, setup and teardown. */
  readonly idInInstance: number;
  readonly idInTest: number;
  readonly meter: ByteMeter = { sent: 0, received: 0 };
  readonly iteration: IterationState = { inVu: -1, inScenario: -1, scenarioInInstance: -1, scenarioInTest: -1 };
  phase: Phase = 'init';
  /** It has ended the test: its iteration counts as one that came to its end. */
  hasAborted = false;
  scenario: ScenarioState | null = null;
  /** What is put on every sample now: run, scenario and group tags and those that the script sets. */
  tags = TagSet.EMPTY;
  /** Of the iteration in progress, or of setup or teardown; null: there are no traces. */
  trace: IterationTrace | null = null;
  /** The path of the group in progress: '' or '::outer::inner'. */
  group = '';
  /** `__ENV` of this virtual user, an object of the realm; scenarios overlay it. */
  env: Record<string, string>;
  /** The global object of its instance of the script, which shows `__ITER` from the first iteration on; null: there is none yet. */
  global: Record<string, unknown> | null = null;
  /** Whether `env` holds what a scenario added. */
  #hasOverlay = false;
  /** Keys and values in turn: there are a handful, and a map for so few takes three times the memory. */
  #state: readonly unknown[] = [];
  #onIterationStart: Hook[] | null = null;
  #onIterationEnd: Hook[] | null = null;
  readonly #interruptHooks = new InterruptHooks();
  #onCutShort: Set<Hook> | null = null;
  #onDispose: Hook[] | null = null;

  constructor(environment: VuEnvironment, identity: { idInInstance: number; idInTest: number }) {
    this.environment = environment;
    this.loop = environment.realm.createLoop(this);
    this.idInInstance = identity.idInInstance;
    this.idInTest = identity.idInTest;
    this.env = createEnv(environment);
  }

  /**
   * A module's state for this virtual user (cookie jar, connections …), made when it is first asked for.
   * @param key of the module's own; the exports of a module go by its specifier
   */
  state<T>(key: symbol | string, create: () => T): T {
    const state = this.#state;
    for (let at = 0; at < state.length; at += 2) if (state[at] === key) return state[at + 1] as T;
    const value = create();
    // It may have made another one meanwhile. A concatenated list has no room to spare, as one that is pushed to has.
    this.#state = this.#state.concat([key, value]);
    return value;
  }

  /**
   * @param what as the user calls it: 'making http requests'
   * @throws where the init code runs
   */
  forbidInit(what: string): void {
    if (this.phase === 'init') {
      throw this.environment.realm.error('Error', `${what} in the init context is not supported`);
    }
  }

  /**
   * @param what as the user calls it: 'open()'
   * @throws where anything else than the init code runs
   */
  requireInit(what: string): void {
    if (this.phase !== 'init') {
      throw this.environment.realm.error('Error', `${what} must be called in the init context`);
    }
  }

  /** Registers what happens before each iteration, such as emptying the cookie jar. */
  onIterationStart(hook: Hook): void {
    (this.#onIterationStart ??= []).push(hook);
  }

  /** Registers what belongs to the iteration and ends with it, however it ends: its last samples are still its own. */
  onIterationEnd(hook: Hook): void {
    (this.#onIterationEnd ??= []).push(hook);
  }

  /**
   * Registers what has to be cut off when the iteration is interrupted, such as a request in flight.
   * @returns takes it back
   */
  onInterrupt(hook: Hook): () => void {
    const call = new InterruptCall(hook);
    this.watchInterrupt(call);
    return () => this.unwatchInterrupt(call);
  }

  /** As {@link onInterrupt}, for what is its own hook: it needs no closures. @param hook watches nothing yet */
  watchInterrupt(hook: InterruptHook): void {
    this.#interruptHooks.add(hook);
  }

  /** Takes a hook back; one that is not watching (any more) is left alone. */
  unwatchInterrupt(hook: InterruptHook): void {
    this.#interruptHooks.remove(hook);
  }

  /**
   * Registers what ends with the iteration when that is interrupted or has failed: what it planned for later.
   * @returns takes it back
   */
  onCutShort(hook: Hook): () => void {
    const hooks = (this.#onCutShort ??= new Set());
    hooks.add(hook);
    return () => hooks.delete(hook);
  }

  /** Registers what happens when the virtual user is given up, such as closing connections. */
  onDispose(hook: Hook): void {
    // Mostly there is one: a list that has room for that only.
    if (this.#onDispose === null) this.#onDispose = [hook];
    else this.#onDispose.push(hook);
  }

  /** Takes over a scenario's environment and tags; what the script put on the virtual user before is gone. */
  enterScenario(scenario: ScenarioState): void {
    this.tags = withVuMetadata(scenario.tags, this);
    this.group = '';
    this.#overlayEnv(scenario.env);
  }

  #overlayEnv(variables: Readonly<Record<string, string>>): void {
    // Most scenarios have none, and their virtual users keep the object as it is: emptying it would make it a large one.
    if (Object.keys(variables).length === 0 && !this.#hasOverlay) return;
    // The script may have frozen it, or parts of it.
    for (const name of Object.keys(this.env)) Reflect.deleteProperty(this.env, name);
    for (const [name, value] of Object.entries({ ...this.environment.env, ...variables }))
      Reflect.defineProperty(this.env, name, { value, writable: true, enumerable: true, configurable: true });
    this.#hasOverlay = Object.keys(variables).length > 0;
  }

  /** Called before each iteration. */
  startIteration(): void {
    const wanted = systemTagFlags(this.environment.options.systemTags);
    // An interrupted iteration may have left a group open.
    if (this.group !== '') {
      this.group = '';
      this.tags = wanted.group ? this.tags.with('group', '') : this.tags.without('group');
    }
    if (wanted.iter) this.tags = this.tags.withMetadata('iter', String(this.iteration.inVu));
    if (this.environment.tracer !== null) this.beginTrace(this.environment.tracer);
    this.#showIteration();
    if (this.#onIterationStart) for (const hook of this.#onIterationStart) hook();
  }

  #showIteration(): void {
    if (this.global === null) return;
    try {
      this.global['__ITER'] = this.iteration.inVu;
    } catch {
      // The script has made the name its own: a constant, or a setter that throws.
    }
  }

  /** Called when an iteration is over, or has been interrupted. */
  endIteration(): void {
    if (this.#onIterationEnd) for (const hook of this.#onIterationEnd) hook();
  }

  /** Begins a trace; its id goes with every sample where it is one of those that are kept. */
  beginTrace(tracer: Tracer): void {
    this.trace = tracer.begin();
    this.tags = this.trace.isSampled
      ? this.tags.withMetadata('trace_id', this.trace.traceText)
      : this.tags.withoutMetadata('trace_id');
  }

  /** Gives up the iteration in progress: what is suspended never resumes, so no `catch` or `finally` runs. */
  interrupt(): void {
    this.loop.abandon();
    this.cutShort();
    this.#interruptHooks.run();
  }

  /** The iteration has failed: what it planned for later does not happen; what is on its way comes to its end. */
  cutShort(): void {
    runOnce(this.#onCutShort);
  }

  /** Closes what the virtual user holds open. */
  dispose(): void {
    this.interrupt();
    if (this.#onDispose) for (const hook of this.#onDispose) hook();
    this.#onDispose = null;
    this.#state = [];
  }
}

function runOnce(hooks: Set<Hook> | null): void {
  if (hooks === null || hooks.size === 0) return;
  const all = [...hooks];
  hooks.clear();
  for (const hook of all) hook();
}

function withVuMetadata(tags: TagSet, vu: VirtualUser): TagSet {
  return vu.environment.options.systemTags.includes('vu') ? tags.withMetadata('vu', String(vu.idInTest)) : tags;
}
