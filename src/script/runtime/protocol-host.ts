import type { RunQueue } from './primordials.ts';

/** What the realm needs of the host (main realm). */
export interface ProtocolHost {
  /** Turns an error of the main realm into one of the script's realm; other values pass. */
  adopt(error: unknown): unknown;
  /** Whether it is an error whose stack knows no place in a script. */
  lacksPlace(error: unknown): boolean;
  isSuspension(value: unknown): boolean;
  /** A generator of the host. */
  isSteps(value: unknown): boolean;
  /** A HostScope (host-steps.ts). */
  isScope(value: unknown): boolean;
  /** Tells the waiter, once, what the suspension comes to; its `done` gets the unboxed value. */
  attach(suspension: unknown, waiter: JobEnd): void;
  /** Calls the VU's `goOn` when no microtask is left. */
  afterMicrotasks(vu: VuHandle): void;
  /** The same at the end of this turn of the event loop, unless it has tasks: a job that has waited is over. Called in a microtask. */
  afterJob(vu: VuHandle): void;
  isArray(value: object): boolean;
  isProxy(value: object): boolean;
  /** The `arguments` of a function. */
  isArguments(value: object): boolean;
  /** A plain object of the main realm: its fields are to be copied. */
  isPlain(value: object): boolean;
  /** Converts other main-realm objects (Date, ArrayBuffer, Map, Error); what belongs to the realm passes. */
  convert(value: object): unknown;
  /** Whether an object or function descends from the main realm's Object.prototype. */
  isForeign(value: object): boolean;
  /**
   * Compiles code made from a string, see `compileText`.
   * @param names what it sees of the function around it, with commas
   * @param overridden names of the language with another meaning, with commas
   * @returns null for what is correct in sloppy mode only
   */
  compileText(
    kind: 'function' | 'eval' | 'direct',
    text: string,
    names: string,
    overridden: string,
    isArmed: boolean,
  ): unknown;
}

/** What a job, or a wait, comes to; an object rather than two functions, so that many of them need no closure. */
export interface JobEnd {
  done(value: unknown): void;
  fail(error: unknown): void;
}

/** Who runs jobs on a virtual user. */
export interface VuOwner {
  onFree(): void;
}

/** The realm's side of one virtual user: its lock and queues. */
export interface VuHandle {
  /** The ScriptVu of the main realm. */
  host: unknown;
  /** The global object as its script sees it. */
  global: object | undefined;
  /** A job is suspended, or has been handed the VU. */
  locked: boolean;
  /** Raised by `abandon`: what belongs to an older epoch never resumes. */
  epoch: number;
  /** Promise reactions and continuations held back while locked. */
  readonly micro: RunQueue;
  /** Jobs waiting for the VU. */
  readonly tasks: RunQueue;
  /** The first refusal of this job: fails it even if the script caught it. */
  sticky: unknown;
  scheduled: boolean;
  /** When the job ended after which nothing was left to do (`performance.now()`); NaN where something may have ended since. */
  freeSince: number;
  /** Suspended, and what it waits for has not come yet. */
  waiting: boolean;
  /** Told when the VU may have become idle. */
  owner: VuOwner | undefined;
  /** Result of a resumed suspension: makes this VU current, returns the value or throws. */
  un(x: unknown): unknown;
  release(): void;
  /** As `release`, in a microtask: the job has waited, and is over. */
  endJob(): void;
  schedule(): void;
  /** No microtask is left: the next task begins. */
  goOn(): void;
}

/** Begins one call of a function made of steps (host-steps.ts): gives the steps, a scope, or its result when nothing has to wait. */
export type StartSteps = (self: unknown, args: unknown[]) => unknown;
