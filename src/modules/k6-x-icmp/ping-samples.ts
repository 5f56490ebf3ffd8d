// What is measured of pings (https://github.com/grafana/xk6-icmp, "Metrics"); failures carry their code.
import type { Metric } from '../../metrics/metric.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { EchoOutcome } from '../../vu/pinger.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

/** Of ICMP before the data. */
const HEADER_BYTES = 8;

export class PingSamples {
  readonly #environment: VuEnvironment;
  readonly #sent: Metric;
  readonly #received: Metric;
  readonly #errors: Metric;
  readonly #ttl: Metric;
  readonly #rtt: Metric;
  readonly #resolve: Metric;
  readonly #setup: Metric;

  constructor(environment: VuEnvironment) {
    const { registry } = environment;
    this.#environment = environment;
    this.#sent = registry.define('icmp_packets_sent', 'counter');
    this.#received = registry.define('icmp_packets_received', 'counter');
    this.#errors = registry.define('icmp_errors', 'counter');
    this.#ttl = registry.define('icmp_reply_ttl', 'gauge');
    this.#rtt = registry.define('icmp_rtt', 'trend', 'time');
    this.#resolve = registry.define('icmp_resolve', 'trend', 'time');
    this.#setup = registry.define('icmp_setup', 'trend', 'time');
  }

  resolved(tags: TagSet, ms: number): void {
    this.#add(this.#resolve, tags, ms);
  }

  failed(tags: TagSet, error: WireError): void {
    this.#add(this.#errors, tagFailure(this.#environment, tags, 'icmp', error), 1);
  }

  sent(vu: VirtualUser, tags: TagSet, size: number): void {
    this.#add(this.#sent, tags, 1);
    vu.meter.sent += size + HEADER_BYTES;
  }

  /** @param plain the tags without `proto` and `ip` */
  replied(
    vu: VirtualUser,
    { tags, plain }: { readonly tags: TagSet; readonly plain: TagSet },
    reply: Extract<EchoOutcome, { kind: 'reply' }>,
  ): void {
    this.#add(this.#received, tags, 1);
    this.#add(this.#setup, tags, reply.setupMs);
    this.#add(this.#ttl, plain, reply.ttl);
    if (reply.rttMs !== null) this.#add(this.#rtt, tags, reply.rttMs);
    vu.meter.received += reply.bytes;
  }

  setUp(tags: TagSet, ms: number): void {
    this.#add(this.#setup, tags, ms);
  }

  #add(metric: Metric, tags: TagSet, value: number): void {
    this.#environment.samples.add(metric, tags, value, this.#environment.now());
  }
}
