// setTimeout and its kin: jobs in the virtual user's own queue; an iteration lasts until they are done.
import type { HostSteps } from '../script/realm-interface.ts';
import type { VuEnvironment } from './environment.ts';
import type { VirtualUser } from './virtual-user.ts';

interface VuTimers {
  nextId: number;
  readonly live: Map<number, LiveTimer>;
  forget: (() => void) | null;
}

interface LiveTimer {
  readonly callback: unknown;
  readonly args: unknown[];
  readonly delayMs: number;
  readonly repeats: boolean;
  readonly release: () => void;
  handle: NodeJS.Timeout;
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

function createTimerFunctions({ realm }: VuEnvironment): TimerFunctions {
  /** The job of a timer that is due; `timers` and the id are the host's own and never seen by the script. */
  const runTimer = realm.steppedFunction('', 2, function* (_self, [timers, id]): HostSteps {
    const { live } = timers as VuTimers;
    const timer = live.get(id as number);
    if (!timer) return undefined; // cleared while it waited for its turn
    try {
      return yield { fn: timer.callback, args: timer.args };
    } finally {
      if (live.get(id as number) === timer) {
        if (timer.repeats) arm(realm.vu as VirtualUser, timers as VuTimers, id as number, timer);
        else stopTimer(timers as VuTimers, id as number);
      }
    }
  });

  const arm = (vu: VirtualUser, timers: VuTimers, id: number, timer: LiveTimer): void => {
    timer.handle = setTimeout(() => vu.loop.post(runTimer, undefined, [timers, id]), timer.delayMs);
  };

  const start = (name: string, repeats: boolean): unknown =>
    realm.hostFunction(name, 2, (callback: unknown, delay: unknown, ...args: unknown[]) => {
      if (typeof callback !== 'function') {
        const got = callback === null ? 'null' : typeof callback;
        throw realm.error('TypeError', `${name}() requires a function as its first argument, got ${got}`);
      }
      const vu = realm.vu as VirtualUser;
      const timers = vu.state<VuTimers>(TIMERS, createTimers);
      const id = timers.nextId++;
      const release = vu.loop.hold();
      const timer = { callback, args, delayMs: toDelay(delay), repeats, release } as unknown as LiveTimer;
      arm(vu, timers, id, timer);
      timers.live.set(id, timer);
      timers.forget ??= vu.onInterrupt(() => {
        timers.forget = null;
        for (const live of [...timers.live.keys()]) stopTimer(timers, live);
      });
      return id;
    });

  const clear = (name: string): unknown =>
    realm.hostFunction(name, 1, (id: unknown) => {
      stopTimer((realm.vu as VirtualUser).state<VuTimers>(TIMERS, createTimers), Number(id));
    });

  return {
    setTimeout: start('setTimeout', false),
    clearTimeout: clear('clearTimeout'),
    setInterval: start('setInterval', true),
    clearInterval: clear('clearInterval'),
  };
}

function createTimers(): VuTimers {
  return { nextId: 1, live: new Map(), forget: null };
}

function stopTimer(timers: VuTimers, id: number): void {
  const timer = timers.live.get(id);
  if (!timer) return;
  clearTimeout(timer.handle);
  timers.live.delete(id);
  timer.release();
  if (timers.live.size === 0) {
    timers.forget?.();
    timers.forget = null;
  }
}

/** Milliseconds; what is no number counts as 0, as in browsers. */
function toDelay(delay: unknown): number {
  const ms = Number(delay);
  return ms > 0 ? Math.min(ms, 2 ** 31 - 1) : 0;
}
