// setTimeout and its kin: jobs in the virtual user's own queue; an iteration lasts until they are done.
import type { HostSteps } from '../script/realm-interface.ts';
import type { VuEnvironment } from './environment.ts';
import { type QueuedTimer, TimerQueue, turnTime } from './timer-queue.ts';
import type { VirtualUser } from './virtual-user.ts';

interface VuTimers {
  nextId: number;
  readonly live: Map<number, LiveTimer>;
  readonly queue: TimerQueue<LiveTimer>;
  forget: (() => void) | null;
}

interface LiveTimer extends QueuedTimer {
  readonly callback: unknown;
  readonly args: unknown[];
  readonly delayMs: number;
  readonly repeats: boolean;
  readonly release: () => void;
}

const TIMERS = Symbol('timers');

export interface TimerFunctions {
  readonly setTimeout: unknown;
  readonly clearTimeout: unknown;
  readonly setInterval: unknown;
  readonly clearInterval: unknown;
}

const made = new WeakMap<VuEnvironment, TimerFunctions>();

/** The timer functions of the realm: the globals and those of `k6/timers` are the same. */
export function timerFunctions(environment: VuEnvironment): TimerFunctions {
  let functions = made.get(environment);
  if (!functions) made.set(environment, (functions = createTimerFunctions(environment)));
  return functions;
}

function createTimerFunctions({ realm, logger }: VuEnvironment): TimerFunctions {
  /** The job of a timer that is due; `timers` and the id are the host's own and never seen by the script. */
  const runTimer = realm.steppedFunction('', 2, function* (_self, { 0: timers, 1: id }): HostSteps {
    const { live, queue } = timers as VuTimers;
    const timer = live.get(id as number);
    if (!timer) return undefined; // cleared while it waited for its turn
    try {
      return yield { fn: timer.callback, args: timer.args };
    } finally {
      if (live.get(id as number) === timer) {
        if (timer.repeats) {
          timer.dueMs = turnTime() + timer.delayMs;
          queue.add(timer);
        } else stopTimer(timers as VuTimers, id as number);
      }
    }
  });

  const timersOf = (vu: VirtualUser): VuTimers =>
    vu.state<VuTimers>(TIMERS, () => {
      const timers: VuTimers = {
        nextId: 1,
        live: new Map(),
        // An exception in a timer is the iteration's, as in k6.
        queue: new TimerQueue(({ id }) =>
          vu.loop.post(runTimer, undefined, [timers, id], (error) => vu.loop.failIteration(error)),
        ),
        forget: null,
      };
      return timers;
    });

  /** What an iteration that does not go on leaves behind. */
  const stopAll = (timers: VuTimers): void => {
    timers.forget = null;
    for (const [id, { repeats }] of [...timers.live]) {
      stopTimer(timers, id);
      const name = repeats ? 'setInterval' : 'setTimeout';
      logger.log('warning', `${name} ${id} was stopped because the VU iteration was interrupted`);
    }
  };

  const start = (name: string, repeats: boolean): unknown =>
    realm.hostFunction(name, 2, (callback: unknown, delay: unknown, ...args: unknown[]) => {
      if (typeof callback !== 'function') {
        const got = callback === null ? 'null' : typeof callback;
        throw realm.error('TypeError', `${name}() requires a function as its first argument, got ${got}`);
      }
      const delayMs = toDelay(delay);
      const vu = realm.vu as VirtualUser;
      const timers = timersOf(vu);
      const id = timers.nextId++;
      const timer: LiveTimer = {
        id,
        callback,
        args,
        delayMs,
        repeats,
        release: vu.loop.hold(),
        dueMs: turnTime() + delayMs,
      };
      timers.live.set(id, timer);
      timers.queue.add(timer);
      timers.forget ??= vu.onCutShort(() => stopAll(timers));
      return id;
    });

  const clear = (name: string): unknown =>
    realm.hostFunction(name, 1, (id: unknown) => {
      stopTimer(timersOf(realm.vu as VirtualUser), Number(id));
    });

  return {
    setTimeout: start('setTimeout', false),
    clearTimeout: clear('clearTimeout'),
    setInterval: start('setInterval', true),
    clearInterval: clear('clearInterval'),
  };
}

function stopTimer(timers: VuTimers, id: number): void {
  const timer = timers.live.get(id);
  if (!timer) return;
  timers.queue.remove(timer);
  timers.live.delete(id);
  timer.release();
  if (timers.live.size === 0) {
    timers.forget?.();
    timers.forget = null;
  }
}

/** Milliseconds; what is no number, or has no end, counts as 0, as in browsers. */
function toDelay(delay: unknown): number {
  const ms = Number(delay);
  return Number.isFinite(ms) ? Math.max(ms, 0) : 0;
}
