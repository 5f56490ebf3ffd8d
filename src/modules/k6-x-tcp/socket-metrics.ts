// What is measured of sockets (Grafana's page "k6/x/tcp > Metrics").
import type { Metric } from '../../metrics/metric.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { Connection } from '../../wire/net/connection.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

const COUNTERS = ['sockets', 'reads', 'writes', 'errors', 'timeouts', 'partial_writes'] as const;
const TRENDS = ['socket_connecting', 'socket_resolving', 'socket_tls_handshaking', 'socket_duration'] as const;
type Counter = (typeof COUNTERS)[number];
type Trend = (typeof TRENDS)[number];

export class SocketMetrics {
  readonly #environment: VuEnvironment;
  readonly #metrics: Readonly<Record<Counter | Trend, Metric>>;

  constructor(environment: VuEnvironment) {
    const { registry } = environment;
    this.#environment = environment;
    this.#metrics = Object.fromEntries([
      ...COUNTERS.map((name) => [name, registry.define(`tcp_${name}`, 'counter')]),
      ...TRENDS.map((name) => [name, registry.define(`tcp_${name}`, 'trend', 'time')]),
    ]) as Record<Counter | Trend, Metric>;
  }

  count(what: Counter, tags: TagSet): void {
    this.#environment.samples.add(this.#metrics[what], tags, 1, this.#environment.now());
  }

  connected(tags: TagSet, { marks, tls }: Connection): void {
    this.#time('socket_resolving', tags, marks.lookupMs);
    this.#time('socket_connecting', tags, marks.connectMs);
    if (tls !== null) this.#time('socket_tls_handshaking', tags, marks.tlsMs);
    this.count('sockets', tags);
  }

  closed(tags: TagSet, durationMs: number): void {
    this.#time('socket_duration', tags, durationMs);
  }

  failed(tags: TagSet, error: WireError): void {
    this.count('errors', tagFailure(this.#environment, tags, 'tcp', error));
  }

  #time(what: Trend, tags: TagSet, ms: number): void {
    this.#environment.samples.add(this.#metrics[what], tags, ms, this.#environment.now());
  }
}
