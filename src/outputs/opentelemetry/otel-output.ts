// Metrics of a test as OpenTelemetry's, with k6's names: totals from the start of the test, pushed at intervals.
import type { Metric } from '../../metrics/metric.ts';
import type { Series } from '../../metrics/series-table.ts';
import type { SampleReceiver } from '../../metrics/sinks/sink.ts';
import { ExponentialHistogram } from '../exponential-histogram.ts';
import { PushQueue } from '../push-queue.ts';
import { SeriesSinks } from '../series-sinks.ts';
import type { ServerContext, ServerOutput } from '../thread/server-output.ts';
import { ExplicitHistogram } from './explicit-histogram.ts';
import { MetricsRequest, type TrendHistogram } from './metrics-request.ts';
import type { OtelSettings } from './otel-settings.ts';
import { createOtlpSender, type OtlpSender } from './otlp-sender.ts';

const METHOD = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

export class OtelOutput implements ServerOutput {
  readonly #settings: OtelSettings;
  readonly #sinks: SeriesSinks<TrendHistogram>;
  readonly #request: MetricsRequest;
  readonly #sender: OtlpSender;
  readonly #queue: PushQueue;
  #timer: NodeJS.Timeout | null = null;

  /** @throws OutputError for an endpoint that is none */
  constructor(settings: OtelSettings, { startedAt, countsFailedIterations, onTrouble }: ServerContext) {
    this.#settings = settings;
    this.#sinks = new SeriesSinks<TrendHistogram>(
      () => (settings.exponential ? new ExponentialHistogram() : new ExplicitHistogram()),
      countsFailedIterations,
    );
    this.#request = new MetricsRequest(settings, startedAt);
    this.#sender = createOtlpSender(settings.target, METHOD);
    this.#queue = new PushQueue({
      send: (body, signal) => this.#sender.send(body, signal),
      // Totals must arrive in order.
      concurrency: 1,
      onTrouble,
    });
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#push(), this.#settings.exportIntervalMs);
  }

  receiversFor(metric: Metric, tags: Series['tags']): SampleReceiver[] {
    return this.#sinks.receiversFor(metric, tags);
  }

  async stop(): Promise<string | null> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#push();
    const loss = await this.#queue.close();
    this.#sender.close();
    return [loss, this.#sinks.loss].filter((text) => text !== null).join('; ') || null;
  }

  #push(): void {
    const body = this.#request.encode(this.#sinks.all(), Date.now());
    if (body !== null) this.#queue.offer({ body, samples: 0 });
  }
}
