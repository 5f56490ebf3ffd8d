// The client that a script's set-up function gets: its handlers, and what waits for them.
import { createAttachedState } from '../../script/attached-state.ts';
import type { Realm } from '../../script/realm-interface.ts';
import type { HostCall } from '../../script/runtime/host-steps.ts';
import type { ServerEvent } from '../../wire/sse/event-parser.ts';
import { Backlog } from '../k6-websockets/backlog.ts';

const TYPES: readonly string[] = ['open', 'event', 'error'];

export type StreamEvent =
  | { readonly type: 'open' }
  | { readonly type: 'event'; readonly event: ServerEvent }
  | { readonly type: 'error'; readonly message: string; readonly code: number }
  /** Nothing comes any more. */
  | { readonly type: 'end' };

export class StreamClient {
  readonly handlers = new Map<string, unknown[]>();
  isClosed = false;
  /** Holds the server back, or lets it go on. */
  onFlow: (isHeld: boolean) => void = () => {};
  readonly #events: StreamEvent[] = [];
  #wake: ((event: StreamEvent) => void) | null = null;
  /** When events that wait are many, or large, the server has to wait, too. */
  #backlog = new Backlog();
  readonly #flow = { pause: () => this.onFlow(true), resume: () => this.onFlow(false) };

  post(event: StreamEvent): void {
    const wake = this.#wake;
    if (wake !== null) {
      this.#wake = null;
      wake(event);
      return;
    }
    this.#events.push(event);
    this.#backlog.add(sizeOf(event), this.#flow);
  }

  /** The event that has waited longest; null when none does. */
  next(): StreamEvent | null {
    const event = this.#events.shift() ?? null;
    if (event !== null) this.#backlog.take(sizeOf(event));
    return event;
  }

  /** The next event to come, when none waits. */
  wait(): Promise<StreamEvent> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** As the script wants it: what still waits is not heard. */
  close(): void {
    this.isClosed = true;
    this.#events.length = 0;
    this.#backlog = new Backlog();
    this.post({ type: 'end' });
  }
}

function sizeOf(event: StreamEvent): number {
  return event.type === 'event' ? event.event.data.length + event.event.comment.length + event.event.name.length : 0;
}

export interface StreamClientClass {
  show(client: StreamClient): object;
  /** The calls of the script's handlers that an event stands for. */
  callsOf(client: StreamClient, event: StreamEvent): HostCall[];
}

export function createStreamClientClass(realm: Realm): StreamClientClass {
  const clients = createAttachedState<StreamClient>();
  const own = (self: unknown): StreamClient => {
    const client = clients.of(self);
    if (client === null) throw new TypeError('this is not a client of k6/x/sse');
    return client;
  };
  const makeError = realm.evaluate(
    '(message, code) => ({ error: () => message, error_code: code, toString: () => message })',
  ) as (message: string, code: number) => object;
  const hostClass = realm.hostClass({
    name: 'Client',
    construct() {
      throw new TypeError('a client comes from open(); it cannot be constructed');
    },
    methods: {
      on: {
        length: 2,
        impl(this: unknown, type: unknown, fn: unknown) {
          const { handlers } = own(this);
          const name = String(type);
          if (!TYPES.includes(name))
            throw new TypeError(`unknown event ${JSON.stringify(name)}: there are ${TYPES.join(', ')}`);
          if (typeof fn !== 'function')
            throw new TypeError(`the handler of ${name} must be a function, not ${fn === null ? 'null' : typeof fn}`);
          const list = handlers.get(name);
          if (list === undefined) handlers.set(name, [fn]);
          else list.push(fn);
        },
      },
      close: {
        length: 0,
        impl(this: unknown) {
          own(this).close();
        },
      },
    },
  });
  const argumentsOf = (event: StreamEvent): unknown[] => {
    switch (event.type) {
      case 'event':
        return [realm.fromHost(event.event)];
      case 'error':
        return [makeError(event.message, event.code)];
      case 'open':
      case 'end':
        return [];
    }
  };
  return {
    show(client) {
      const object = hostClass.create();
      clients.attach(object, client);
      return object;
    },
    callsOf(client, event) {
      const handlers = client.handlers.get(event.type) ?? [];
      return handlers.map((fn) => ({ fn, args: argumentsOf(event) }));
    },
  };
}
