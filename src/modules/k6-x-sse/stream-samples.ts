// What is measured of event streams: `sse_event` as xk6-sse does, the rest of Sixfold.
import type { Metric } from '../../metrics/metric.ts';
import type { TagSet } from '../../metrics/tag-set.ts';
import type { VuEnvironment } from '../../vu/environment.ts';
import { tagFailure } from '../../vu/network-failure.ts';
import type { WireError } from '../../wire/net/wire-error.ts';

export class StreamMetrics {
  readonly event: Metric;
  readonly streams: Metric;
  readonly connecting: Metric;
  readonly duration: Metric;

  constructor({ registry }: VuEnvironment) {
    this.event = registry.define('sse_event', 'counter');
    this.streams = registry.define('sse_streams', 'counter');
    this.connecting = registry.define('sse_connecting', 'trend', 'time');
    this.duration = registry.define('sse_duration', 'trend', 'time');
  }
}

/** The samples of one stream. */
export class StreamSamples {
  readonly #environment: VuEnvironment;
  readonly #metrics: StreamMetrics;
  readonly #began = performance.now();
  #tags: TagSet;

  constructor(environment: VuEnvironment, metrics: StreamMetrics, tags: TagSet, url: string, method: string) {
    this.#environment = environment;
    this.#metrics = metrics;
    const { systemTags } = environment.options;
    const name = tags.get('name');
    let all = tags;
    // As for HTTP, a name stands in for the URL, so that it bounds the number of series.
    if (systemTags.includes('url')) all = all.with('url', name ?? url);
    if (systemTags.includes('name') && name === undefined) all = all.with('name', url);
    if (systemTags.includes('method')) all = all.with('method', method);
    this.#tags = all;
  }

  answered(status: number): void {
    const { systemTags } = this.#environment.options;
    if (systemTags.includes('status')) this.#tags = this.#tags.with('status', String(status));
    this.#add(this.#metrics.connecting, this.#tags, performance.now() - this.#began);
  }

  received(): void {
    this.#add(this.#metrics.event, this.#tags, 1);
  }

  ended(error: WireError | null): void {
    this.#add(this.#metrics.duration, this.#tags, performance.now() - this.#began);
    const tags = error === null ? this.#tags : tagFailure(this.#environment, this.#tags, 'sse', error);
    this.#add(this.#metrics.streams, tags, 1);
  }

  #add(metric: Metric, tags: TagSet, value: number): void {
    this.#environment.samples.add(metric, tags, value, this.#environment.now());
  }
}
