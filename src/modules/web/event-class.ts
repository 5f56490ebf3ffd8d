// `Event` and `CustomEvent` (https://dom.spec.whatwg.org, sections 2.2 to 2.5), of targets without a tree.
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostClass, HostImpl, Realm, RealmFunction } from '../../script/realm-interface.ts';
import { toText } from '../../vu/to-text.ts';
import { oncePerRealm } from './once-per-realm.ts';
import { defineTag, inherit } from './script-methods.ts';

export interface EventState {
  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  /** Milliseconds since the epoch, as `timestamp` of a WebSocket's events is. */
  readonly timeStamp: number;
  readonly detail: unknown;
  isTrusted: boolean;
  target: object | null;
  isDispatched: boolean;
  defaultPrevented: boolean;
  /** The listener whose turn it is has said that it prevents nothing. */
  isPassive: boolean;
  isStopped: boolean;
  /** No further listener is to hear of it. */
  isOver: boolean;
}

interface EventClass {
  readonly Event: RealmFunction;
  readonly CustomEvent: RealmFunction;
  /** An event of ours. */
  create(type: string): object;
  /** @throws TypeError for what is no event */
  stateOf(event: unknown): EventState;
}

const SHOWN = [
  'type',
  'bubbles',
  'cancelable',
  'composed',
  'timeStamp',
  'isTrusted',
  'target',
  'defaultPrevented',
] as const;
const PHASES = { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 } as const;

function preventDefault(state: EventState): void {
  if (state.cancelable && !state.isPassive) state.defaultPrevented = true;
}

/** The classes of a realm. */
export const eventClassOf: (realm: Realm) => EventClass = oncePerRealm((realm) => {
  const states = createAttachedState<EventState>();
  const stateOf = (self: unknown): EventState => {
    const state = states.of(self);
    if (state === null) throw new TypeError('this is not an Event');
    return state;
  };
  const attach = (self: object, type: string, options: unknown, isTrusted: boolean): void => {
    const given = (typeof options === 'object' && options !== null ? options : {}) as Record<string, unknown>;
    const { bubbles, cancelable, composed, detail } = given;
    states.attach(self, {
      type,
      bubbles: Boolean(bubbles),
      cancelable: Boolean(cancelable),
      composed: Boolean(composed),
      timeStamp: Date.now(),
      detail: detail === undefined ? null : detail,
      isTrusted,
      target: null,
      isDispatched: false,
      defaultPrevented: false,
      isPassive: false,
      isStopped: false,
      isOver: false,
    });
  };
  const construct = (self: object, args: unknown[]): void => {
    if (args.length === 0) throw new TypeError('an event requires a type');
    attach(self, toText(args[0]), args[1], false);
  };
  const getters: Record<string, HostImpl> = {
    currentTarget(this: unknown) {
      const { isDispatched, target } = stateOf(this);
      return isDispatched ? target : null;
    },
    srcElement(this: unknown) {
      return stateOf(this).target;
    },
    eventPhase(this: unknown) {
      return stateOf(this).isDispatched ? PHASES.AT_TARGET : PHASES.NONE;
    },
    returnValue(this: unknown) {
      return !stateOf(this).defaultPrevented;
    },
    cancelBubble(this: unknown) {
      return stateOf(this).isStopped;
    },
  };
  for (const name of SHOWN)
    getters[name] = function (this: unknown) {
      return stateOf(this)[name];
    };
  const act = (change: (state: EventState) => unknown): { length: 0; impl: HostImpl } => ({
    length: 0,
    impl(this: unknown) {
      return change(stateOf(this));
    },
  });
  const events = realm.hostClass({
    name: 'Event',
    length: 1,
    construct,
    getters,
    setters: {
      cancelBubble(this: unknown, value: unknown) {
        const state = stateOf(this);
        if (value) state.isStopped = true;
      },
      returnValue(this: unknown, value: unknown) {
        const state = stateOf(this);
        if (!value) preventDefault(state);
      },
    },
    methods: {
      preventDefault: act((state) => {
        preventDefault(state);
      }),
      stopPropagation: act((state) => {
        state.isStopped = true;
      }),
      stopImmediatePropagation: act((state) => {
        state.isStopped = true;
        state.isOver = true;
      }),
      composedPath: act(({ isDispatched, target }) => {
        const path = new realm.intrinsics.Array() as unknown[];
        if (isDispatched)
          Object.defineProperty(path, 0, { value: target, writable: true, enumerable: true, configurable: true });
        return path;
      }),
    },
  });
  for (const holder of [events.constructor, events.prototype])
    for (const [name, value] of Object.entries(PHASES))
      Object.defineProperty(holder, name, { value, enumerable: true });
  defineTag(events.prototype, 'Event');
  const customEvents = realm.hostClass({
    name: 'CustomEvent',
    length: 1,
    construct,
    getters: {
      detail(this: unknown) {
        return stateOf(this).detail;
      },
    },
  });
  inherit(customEvents, events);
  defineTag(customEvents.prototype, 'CustomEvent');
  return {
    Event: events.constructor,
    CustomEvent: customEvents.constructor,
    stateOf,
    create(type) {
      const event = (events as HostClass).create();
      attach(event, type, null, true);
      return event;
    },
  };
});
