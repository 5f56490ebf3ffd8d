import type { IterationEnd, Rejection, ScriptVu, VuLoop } from '../realm-interface.ts';
import type { Protocol } from './protocol.ts';
import type { JobEnd, VuHandle, VuOwner } from './protocol-host.ts';
import { Box } from './suspension.ts';

/** What `run` rejects with when the loop is abandoned (the iteration was interrupted). */
export class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
}

/** The task queue and lock of one VU; the state shared with compiled code is the handle, which lives in the realm. */
export class ScriptLoop implements VuLoop, JobEnd, VuOwner {
  onUnhandledRejection: (reason: unknown) => void = () => {};
  readonly handle: VuHandle;
  readonly #protocol: Protocol;
  #holds = 0;
  #running = 0;
  /** What may still settle a promise that the iteration's function has returned. */
  #watches = 0;
  #awaitsResult = false;
  #idleWaiters: (() => void)[] | null = null;
  #abandonListeners: Set<() => void> | null = null;
  /** Rejections during a blocking call, until what made the call has ended. */
  #rejections: Rejection[] | null = null;
  /** Of the iteration in progress. */
  #listener: IterationEnd | null = null;

  constructor(protocol: Protocol, vu: ScriptVu) {
    this.#protocol = protocol;
    this.handle = protocol.createVu(vu);
    this.handle.owner = this;
  }

  run(fn: unknown, thisArg: unknown, args: unknown[]): Promise<Box> {
    const { promise, resolve, reject } = Promise.withResolvers<Box>();
    // Code that is broken off in its first turn takes the caller with it: nobody is left to handle the rejection then.
    promise.catch(() => {});
    const epoch = this.handle.epoch;
    let ended = false;
    const onAbandon = (): void => finish(() => reject(new AbandonedError('the iteration was interrupted')));
    const finish = (settle: () => void): void => {
      if (ended) return;
      ended = true;
      this.#forgetAbandon(onAbandon);
      if (this.handle.epoch === epoch) {
        this.#running--;
        this.handle.schedule();
      }
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    const succeed = (value: unknown): void => {
      const sticky = this.handle.sticky;
      this.handle.sticky = undefined;
      if (sticky !== undefined) fail(sticky);
      else finish(() => resolve(new Box(value)));
    };
    (this.#abandonListeners ??= new Set()).add(onAbandon);
    this.#running++;
    this.#start(fn, thisArg, args, { done: (value) => this.#awaitResult(value, succeed, fail), fail });
    return promise;
  }

  #forgetAbandon(listener: () => void): void {
    const listeners = this.#abandonListeners;
    // Iterations have none: what the init code needed is not kept for them.
    if (listeners?.delete(listener) === true && listeners.size === 0) this.#abandonListeners = null;
  }

  begin(fn: unknown, thisArg: unknown, args: unknown[], listener: IterationEnd): void {
    this.#listener = listener;
    this.#running++;
    const { handle } = this;
    // Executors begin iterations, never code of a script: which VU ran last does not matter.
    if (handle.locked || !handle.micro.isEmpty || !handle.tasks.isEmpty) this.#queue(fn, thisArg, args, this);
    else this.#protocol.start(handle, fn, thisArg, args, this);
    if (!handle.locked) handle.schedule();
  }

  get isWaiting(): boolean {
    const { waiting, scheduled, freeSince } = this.handle;
    // A job that is over, and whose end is told when its turn comes, is lost with nobody's code.
    return waiting || (scheduled && !Number.isNaN(freeSince));
  }

  /** @internal The iteration's function has returned; a promise that it returned is one more thing to wait for. */
  done(value: unknown): void {
    const listener = this.#listener;
    // Abandoned while its code was running.
    if (listener === null) return;
    this.#running--;
    const { NativePromise, apply, nativeThen } = this.#protocol;
    if (!(value instanceof NativePromise)) return;
    const { handle } = this;
    const { epoch } = handle;
    this.#awaitsResult = true;
    apply(nativeThen, value, [
      () => {
        this.#haveResult(epoch);
        const { sticky } = handle;
        if (handle.epoch !== epoch || this.#listener !== listener || sticky === undefined) return;
        handle.sticky = undefined;
        listener.onFailed(sticky);
      },
      (error: unknown) => {
        this.#haveResult(epoch);
        if (handle.epoch === epoch && this.#listener === listener) listener.onFailed(error);
      },
    ]);
  }

  #haveResult(epoch: number): void {
    if (this.handle.epoch !== epoch) return;
    this.#awaitsResult = false;
    if (this.#watches > 0) this.handle.schedule();
  }

  /** @internal The iteration's function has thrown. */
  fail(error: unknown): void {
    if (this.#listener === null) return;
    this.#running--;
    this.#listener.onFailed(error);
  }

  reject(rejection: Rejection): void {
    if (this.handle.locked) (this.#rejections ??= []).push(rejection);
    else this.onUnhandledRejection(rejection.reason);
  }

  /** The engine tells of promises that were handled after all in this turn of the event loop. */
  #tellRejections(): void {
    const rejections = this.#rejections;
    this.#rejections = null;
    const { epoch } = this.handle;
    // What comes next, such as the end of the test, must find it told.
    const release = this.hold();
    setImmediate(() => {
      if (this.handle.epoch !== epoch) return;
      for (const { reason, isHandled } of rejections ?? []) if (!isHandled) this.onUnhandledRejection(reason);
      release();
    });
  }

  failIteration(error: unknown): void {
    if (this.#listener === null) this.onUnhandledRejection(error);
    else this.#listener.onFailed(error);
  }

  post(
    fn: unknown,
    thisArg: unknown,
    args: unknown[],
    onError: (error: unknown) => void = this.onUnhandledRejection,
    onDone: () => void = () => {},
  ): void {
    this.handle.tasks.push(() => this.#protocol.job(this.handle, fn, thisArg, args, onDone, onError));
    if (!this.handle.locked) this.handle.schedule();
  }

  hold(): () => void {
    const epoch = this.handle.epoch;
    let held = true;
    this.#holds++;
    return () => {
      if (!held || this.handle.epoch !== epoch) return;
      held = false;
      if (--this.#holds === 0) this.handle.schedule();
    };
  }

  watch(): () => void {
    const epoch = this.handle.epoch;
    let watches = true;
    this.#watches++;
    return () => {
      if (!watches || this.handle.epoch !== epoch) return;
      watches = false;
      if (--this.#watches === 0) this.handle.schedule();
    };
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      (this.#idleWaiters ??= []).push(resolve);
      this.handle.schedule();
    });
  }

  abandon(): void {
    const { handle } = this;
    handle.epoch++;
    handle.locked = false;
    handle.waiting = false;
    // What was to wake it may have been dropped with the code that was broken off.
    handle.scheduled = false;
    handle.micro.clear();
    handle.tasks.clear();
    handle.sticky = undefined;
    this.#rejections = null;
    this.#holds = 0;
    this.#watches = 0;
    this.#awaitsResult = false;
    this.#running = 0;
    this.#listener = null;
    const listeners = this.#abandonListeners;
    this.#abandonListeners = null;
    if (listeners !== null) for (const listener of listeners) listener();
    handle.schedule();
  }

  #start(fn: unknown, self: unknown, args: unknown[], job: JobEnd): void {
    const { handle } = this;
    if (!handle.locked && handle.micro.isEmpty && handle.tasks.isEmpty && this.#protocol.vu === undefined) {
      this.#protocol.start(handle, fn, self, args, job);
    } else this.#queue(fn, self, args, job);
  }

  #queue(fn: unknown, self: unknown, args: unknown[], job: JobEnd): void {
    const { handle } = this;
    handle.tasks.push(() => this.#protocol.start(handle, fn, self, args, job));
    if (!handle.locked) handle.schedule();
  }

  /** A promise as result: the job lasts until it is settled, or until nothing is left that could settle it. */
  #awaitResult(value: unknown, succeed: (value: unknown) => void, fail: (error: unknown) => void): void {
    const { NativePromise, apply, nativeThen } = this.#protocol;
    if (!(value instanceof NativePromise)) {
      succeed(value);
      return;
    }
    const epoch = this.handle.epoch;
    apply(nativeThen, value, [succeed, fail]);
    this.#running--;
    void this.idle().then(() => {
      if (this.handle.epoch !== epoch) return;
      this.#running++;
      succeed(undefined);
    });
  }

  /** @internal */
  onFree(): void {
    const { handle } = this;
    if (this.#rejections !== null && !handle.locked) this.#tellRejections();
    if (handle.locked || this.#holds > 0 || !handle.tasks.isEmpty || !handle.micro.isEmpty) return;
    if (this.#running > 0 || (this.#watches > 0 && this.#awaitsResult)) return;
    const listener = this.#listener;
    this.#listener = null;
    listener?.onIdle(handle.freeSince);
    const waiters = this.#idleWaiters;
    this.#idleWaiters = null;
    if (waiters !== null) for (const waiter of waiters) waiter();
  }
}
