// What is measured of a client's calls and messages.
import type { Metric } from '../../metrics/metric.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

export type Method = 'connect' | 'reconnect' | 'subscribe' | 'unsubscribe' | 'publish' | 'message' | 'end';

export class CallSamples {
  readonly #environment: VuEnvironment;
  readonly #calls: Metric;
  readonly #duration: Metric;
  readonly #errors: Metric;
  readonly #messages: Readonly<Record<'sent' | 'received', Metric>>;
  readonly #data: Readonly<Record<'sent' | 'received', Metric>>;

  constructor(environment: VuEnvironment) {
    const { registry } = environment;
    this.#environment = environment;
    this.#calls = registry.define('mqtt_calls', 'counter');
    this.#duration = registry.define('mqtt_call_duration', 'trend', 'time');
    this.#errors = registry.define('mqtt_errors', 'counter');
    this.#messages = {
      sent: registry.define('mqtt_message_sent', 'counter'),
      received: registry.define('mqtt_message_received', 'counter'),
    };
    this.#data = {
      sent: registry.define('mqtt_data_sent', 'counter', 'data'),
      received: registry.define('mqtt_data_received', 'counter', 'data'),
    };
  }

  called(tags: TagSet, method: Method, durationMs: number): void {
    const own = tags.with('method', method);
    this.#add(this.#calls, own, 1);
    this.#add(this.#duration, own, durationMs);
  }

  /** @param method null: the connection was lost while nothing was called */
  failed(tags: TagSet, method: Method | null, error: WireError): void {
    const own = method === null ? tags : tags.with('method', method);
    this.#add(this.#errors, tagFailure(this.#environment, own, 'mqtt', error), 1);
  }

  /** A message, and the bytes of its payload. */
  message(direction: 'sent' | 'received', tags: TagSet, octets: number): void {
    if (direction === 'received') this.#add(this.#calls, tags.with('method', 'message'), 1);
    this.#add(this.#messages[direction], tags, 1);
    this.#add(this.#data[direction], tags, octets);
  }

  #add(metric: Metric, tags: TagSet, value: number): void {
    this.#environment.samples.add(metric, tags, value, this.#environment.now());
  }
}
