// `EventTarget` (https://dom.spec.whatwg.org, section 2.7), without a tree: events reach their target alone.
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostClass, HostSteps, Realm } from '../../script/realm-interface.ts';
import { toText } from '../../vu/to-text.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { domExceptionOf } from './dom-exception.ts';
import { eventClassOf } from './event-class.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { defineSteps, defineTag } from './script-methods.ts';
import { TargetListeners } from './target-listeners.ts';

interface EventTargetClass extends HostClass {
  /** Makes a target of an object that the class did not construct. */
  attach(target: object): void;
  /** @throws TypeError for what is no target */
  listenersOf(target: unknown): TargetListeners;
  /** Calls the listeners in turn; what one of them throws fails the iteration, and the others are called. */
  dispatch(target: object, event: object): HostSteps;
  /**
   * What the option `signal` of a listener means, once there are signals: whether it is to be added, and what then takes it away.
   * Null for what is no signal.
   */
  watchSignal: (signal: unknown, onAbort: () => void) => boolean | null;
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

interface Listening {
  readonly type: string;
  readonly callback: object | null;
  readonly capture: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

function readListening(args: readonly unknown[]): Listening {
  const [type, callback = null, given] = args;
  if (args.length < 2) throw new TypeError('a listener requires a type and a function');
  if (callback !== null && !isObject(callback))
    throw new TypeError(`a listener must be a function or an object with handleEvent(), not ${typeof callback}`);
  const options = isObject(given) ? (given as Record<string, unknown>) : { capture: given };
  return { type: toText(type), callback, capture: Boolean(options['capture']), options };
}

/** The class of a realm. */
export const eventTargetOf: (realm: Realm) => EventTargetClass = oncePerRealm((realm) => {
  const targets = createAttachedState<TargetListeners>();
  const { stateOf } = eventClassOf(realm);
  const listenersOf = (self: unknown): TargetListeners => {
    const listeners = targets.of(self);
    if (listeners === null) throw new TypeError('this is not an EventTarget');
    return listeners;
  };

  function* dispatch(target: object, event: object): HostSteps {
    const state = stateOf(event);
    state.target = target;
    state.isDispatched = true;
    const vu = realm.vu as VirtualUser;
    // What has been stopped before it is sent reaches nobody.
    for (const { callback, passive } of state.isStopped ? [] : listenersOf(target).of(state.type)) {
      state.isPassive = passive;
      try {
        if (typeof callback === 'function') yield { fn: callback, self: target, args: [event] };
        else yield { fn: (callback as { handleEvent?: unknown }).handleEvent, self: callback, args: [event] };
      } catch (error) {
        vu.loop.failIteration(error);
      }
      state.isPassive = false;
      if (state.isOver) break;
    }
    state.isDispatched = false;
    state.isStopped = false;
    state.isOver = false;
    return !state.defaultPrevented;
  }

  const eventTarget = realm.hostClass({
    name: 'EventTarget',
    length: 0,
    construct: (self) => targets.attach(self, new TargetListeners()),
    methods: {
      addEventListener: {
        length: 2,
        impl(this: unknown, ...args: unknown[]) {
          const listeners = listenersOf(this);
          const { type, callback, capture, options } = readListening(args);
          const { once, passive, signal } = options;
          if (callback === null) return;
          if (signal !== undefined) {
            const wanted = made.watchSignal(signal, () => listeners.remove(type, callback, capture));
            if (wanted === null) throw new TypeError('the signal of a listener must be an AbortSignal');
            if (!wanted) return;
          }
          listeners.add(type, { callback, capture, once: Boolean(once), passive: Boolean(passive) });
        },
      },
      removeEventListener: {
        length: 2,
        impl(this: unknown, ...args: unknown[]) {
          const { type, callback, capture } = readListening(args);
          listenersOf(this).remove(type, callback, capture);
        },
      },
    },
  });
  defineSteps(realm, eventTarget.prototype, 'dispatchEvent', 1, (self, { 0: event }) => {
    listenersOf(self);
    const state = stateOf(event);
    if (state.isDispatched)
      throw domExceptionOf(realm).create('the event is being dispatched already', 'InvalidStateError');
    state.isTrusted = false;
    return dispatch(self as object, event as object);
  });
  defineTag(eventTarget.prototype, 'EventTarget');
  const made: EventTargetClass = {
    ...eventTarget,
    attach: (target) => targets.attach(target, new TargetListeners()),
    listenersOf,
    dispatch,
    watchSignal: () => null,
  };
  return made;
});
