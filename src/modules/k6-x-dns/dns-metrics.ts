// What is measured of questions to name servers (Grafana's page "k6/x/dns > Metrics"); failures carry their code.
import type { Metric } from '../../metrics/metric.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

/** One question, when it is over. */
export interface Asked {
  readonly durationMs: number;
  readonly error: WireError | null;
  /** What was asked for, and of whom. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Counts and times the questions of one of the two functions. */
export class QuestionSamples {
  readonly #environment: VuEnvironment;
  readonly #protocol: 'dns' | 'dns-lookup';
  readonly #count: Metric;
  readonly #duration: Metric;

  constructor(environment: VuEnvironment, what: 'resolution' | 'lookup') {
    const { registry } = environment;
    this.#environment = environment;
    this.#protocol = what === 'resolution' ? 'dns' : 'dns-lookup';
    this.#count = registry.define(`dns_${what}s`, 'counter');
    this.#duration = registry.define(`dns_${what}_duration`, 'trend', 'time');
  }

  add(vu: VirtualUser, { durationMs, error, tags }: Asked): void {
    const { samples } = this.#environment;
    let all = vu.tags;
    for (const [name, value] of Object.entries(tags)) all = all.with(name, value);
    if (error !== null) all = tagFailure(this.#environment, all, this.#protocol, error);
    const now = this.#environment.now();
    samples.add(this.#count, all, 1, now);
    samples.add(this.#duration, all, durationMs, now);
  }
}
