// `AbortController` and `AbortSignal` (https://dom.spec.whatwg.org, section 3).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostSteps, Realm, RealmFunction } from '../../script/realm-interface.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { domExceptionOf } from './dom-exception.ts';
import { eventClassOf } from './event-class.ts';
import { eventTargetOf } from './event-target.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { defineSteps, defineTag, inherit, readList } from './script-methods.ts';

/** What a signal stands for; what our own code does at an abort happens at once, even while the virtual user is blocked. */
export interface SignalState {
  readonly signal: object;
  aborted: boolean;
  reason: unknown;
  onabort: unknown;
  readonly actions: Set<(reason: unknown, isTimeout: boolean) => void>;
  /** Signals of `AbortSignal.any()` that follow this one. */
  readonly followers: Set<SignalState>;
}

interface AbortClasses {
  readonly AbortController: RealmFunction;
  readonly AbortSignal: RealmFunction;
  /** Null for what is no AbortSignal. */
  signalOf(value: unknown): SignalState | null;
  /** A signal that follows another one, or none. */
  follow(source: SignalState | null): SignalState;
}

/** The longest time that a timer of Node takes, in ms; longer ones never end within a test. */
const LONGEST_MS = 2 ** 31 - 1;

/** Both classes of a realm. */
export const abortClassesOf: (realm: Realm) => AbortClasses = oncePerRealm((realm) => {
  const targets = eventTargetOf(realm);
  const events = eventClassOf(realm);
  const signals = createAttachedState<SignalState>();
  const controllers = createAttachedState<SignalState>();
  const own = (self: unknown): SignalState => {
    const state = signals.of(self);
    if (state === null) throw new TypeError('this is not an AbortSignal');
    return state;
  };
  const abortError = (): Error => domExceptionOf(realm).create('This operation was aborted', 'AbortError');

  /** @returns the signals that are aborted by that, whose listeners are to hear of it */
  const abort = (state: SignalState, reason: unknown, isTimeout = false): SignalState[] => {
    if (state.aborted) return [];
    const aborted: SignalState[] = [];
    const collect = (each: SignalState): void => {
      if (each.aborted || aborted.includes(each)) return;
      aborted.push(each);
      for (const follower of each.followers) collect(follower);
    };
    collect(state);
    for (const each of aborted) {
      each.aborted = true;
      each.reason = reason;
    }
    for (const each of aborted) {
      for (const act of each.actions) act(reason, isTimeout);
      each.actions.clear();
    }
    return aborted;
  };
  function* tell(aborted: readonly SignalState[]): HostSteps {
    for (const { signal } of aborted)
      if (targets.listenersOf(signal).has('abort')) yield* targets.dispatch(signal, events.create('abort'));
    return undefined;
  }
  const tellLater = realm.steppedFunction('', 1, (_self, { 0: aborted }) => tell(aborted as SignalState[]));

  const create = (): SignalState => {
    const signal = signalClass.create();
    const state: SignalState = {
      signal,
      aborted: false,
      reason: undefined,
      onabort: null,
      actions: new Set(),
      followers: new Set(),
    };
    signals.attach(signal, state);
    targets.attach(signal);
    return state;
  };
  const follow = (sources: readonly SignalState[]): SignalState => {
    const state = create();
    const aborted = sources.find((source) => source.aborted);
    if (aborted) abort(state, aborted.reason);
    else for (const source of sources) source.followers.add(state);
    return state;
  };
  /** Its listeners hear of it as long as the iteration lasts in which it was made. */
  const abortAfter = (state: SignalState, ms: number): void => {
    const vu = realm.vu as VirtualUser;
    const { phase } = vu;
    const { inVu } = vu.iteration;
    const timer = setTimeout(
      () => {
        forget();
        const aborted = abort(
          state,
          domExceptionOf(realm).create('The operation was aborted due to timeout', 'TimeoutError'),
          true,
        );
        const isHeard = aborted.some(({ signal }) => targets.listenersOf(signal).has('abort'));
        if (!isHeard || vu.phase !== phase || vu.iteration.inVu !== inVu) return;
        vu.loop.post(tellLater, undefined, [aborted], (error) => vu.loop.failIteration(error));
      },
      Math.min(ms, LONGEST_MS),
    );
    timer.unref();
    const forget = vu.onCutShort(() => clearTimeout(timer));
  };

  const signalClass = realm.hostClass({
    name: 'AbortSignal',
    construct() {
      throw new TypeError('a signal comes from an AbortController, AbortSignal.timeout(), any() or abort()');
    },
    getters: {
      aborted(this: unknown) {
        return own(this).aborted;
      },
      reason(this: unknown) {
        return own(this).reason;
      },
      onabort(this: unknown) {
        return own(this).onabort;
      },
    },
    setters: {
      onabort(this: unknown, handler: unknown) {
        const state = own(this);
        state.onabort = typeof handler === 'function' ? handler : null;
        targets.listenersOf(this).setProperty('abort', state.onabort);
      },
    },
    methods: {
      throwIfAborted: {
        length: 0,
        impl(this: unknown) {
          const { aborted, reason } = own(this);
          if (aborted) throw reason;
        },
      },
    },
    statics: {
      abort: {
        length: 0,
        impl(reason: unknown) {
          const state = create();
          abort(state, reason === undefined ? abortError() : reason);
          return state.signal;
        },
      },
      any: {
        length: 1,
        impl(given: unknown) {
          if (typeof given !== 'object' || given === null)
            throw new TypeError('AbortSignal.any() takes a list of signals');
          return follow(readList(realm, given).map(own)).signal;
        },
      },
      timeout: {
        length: 1,
        impl(given: unknown) {
          const ms = Number(given);
          if (!(ms >= 0)) throw new TypeError('AbortSignal.timeout() takes milliseconds');
          const state = create();
          abortAfter(state, ms);
          return state.signal;
        },
      },
    },
  });
  inherit(signalClass, targets);
  defineTag(signalClass.prototype, 'AbortSignal');
  targets.watchSignal = (value, onAbort) => {
    const state = signals.of(value);
    if (state === null) return null;
    if (!state.aborted) state.actions.add(onAbort);
    return !state.aborted;
  };

  const controlled = (self: unknown): SignalState => {
    const state = controllers.of(self);
    if (state === null) throw new TypeError('this is not an AbortController');
    return state;
  };
  const controllerClass = realm.hostClass({
    name: 'AbortController',
    length: 0,
    construct: (self) => controllers.attach(self, create()),
    getters: {
      signal(this: unknown) {
        return controlled(this).signal;
      },
    },
  });
  defineSteps(realm, controllerClass.prototype, 'abort', 0, (self, { 0: reason }) => {
    const aborted = abort(controlled(self), reason === undefined ? abortError() : reason);
    return aborted.length === 0 ? undefined : tell(aborted);
  });
  defineTag(controllerClass.prototype, 'AbortController');
  return {
    AbortController: controllerClass.constructor,
    AbortSignal: signalClass.constructor,
    signalOf: (value) => signals.of(value),
    follow: (source) => follow(source === null ? [] : [source]),
  };
});
