// Who hears the events of a WebSocket: the function in the on-property first, then those added, in their order.
import type { Realm } from '../../script/realm-interface.ts';

const EVENT_TYPES = ['open', 'message', 'error', 'close', 'ping', 'pong'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

function isEventType(type: unknown): type is EventType {
  return (EVENT_TYPES as readonly unknown[]).includes(type);
}

export class EventListeners {
  readonly #realm: Realm;
  readonly #properties = new Map<EventType, unknown>();
  readonly #added = new Map<EventType, unknown[]>();

  constructor(realm: Realm) {
    this.#realm = realm;
  }

  property(type: EventType): unknown {
    return this.#properties.get(type) ?? null;
  }

  /** @throws TypeError for what is neither a function nor null */
  setProperty(type: EventType, fn: unknown): void {
    if (fn === null || fn === undefined) this.#properties.delete(type);
    else this.#properties.set(type, this.#requireFunction(type, fn));
  }

  /** @throws Error for an event that there is not */
  add(type: unknown, fn: unknown): void {
    const known = this.#requireType(type);
    const list = this.#added.get(known);
    this.#requireFunction(known, fn);
    if (list === undefined) this.#added.set(known, [fn]);
    else list.push(fn);
  }

  /** The first one that is the same function; nothing when there is none. */
  remove(type: unknown, fn: unknown): void {
    const list = this.#added.get(this.#requireType(type));
    const at = list?.indexOf(fn) ?? -1;
    if (at >= 0) list?.splice(at, 1);
  }

  /** Those that an event is for now. */
  of(type: EventType): unknown[] {
    const property = this.#properties.get(type);
    const added = this.#added.get(type) ?? [];
    return property === undefined ? [...added] : [property, ...added];
  }

  #requireType(type: unknown): EventType {
    if (isEventType(type)) return type;
    throw this.#realm.error(
      'Error',
      `unknown event ${JSON.stringify(String(type))}: there are ${EVENT_TYPES.join(', ')}`,
    );
  }

  #requireFunction(type: EventType, fn: unknown): unknown {
    if (typeof fn === 'function') return fn;
    throw this.#realm.error(
      'TypeError',
      `the handler of ${type} must be a function, not ${fn === null ? 'null' : typeof fn}`,
    );
  }
}
