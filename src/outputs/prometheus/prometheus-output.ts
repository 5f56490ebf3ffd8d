// Metrics of a test in Prometheus by remote write, with k6's names: totals from the start of the test, pushed at intervals.

import type { Metric } from '../../metrics/metric.ts';
import type { Series } from '../../metrics/series-table.ts';
import type { SampleReceiver } from '../../metrics/sinks/sink.ts';
import { TrendSink } from '../../metrics/sinks/trend-sink.ts';
import { VERSION } from '../../options/package-version.ts';
import { ExponentialHistogram } from '../exponential-histogram.ts';
import { HttpSender, judgeAnswer } from '../http-sender.ts';
import { PushQueue } from '../push-queue.ts';
import { SeriesSinks } from '../series-sinks.ts';
import type { ServerContext, ServerOutput } from '../thread/server-output.ts';
import { signRequest } from './aws-signature.ts';
import type { PrometheusSettings } from './prometheus-settings.ts';
import { compressSnappy } from './snappy.ts';
import { type PrometheusTrend, WriteRequest } from './write-request.ts';

const PROTOCOL = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
  'user-agent': `sixfold/${VERSION}`,
};
const MS_PER_SECOND = 1000;

const TEST_ID = 'testid';

export class PrometheusOutput implements ServerOutput {
  readonly #settings: PrometheusSettings;
  readonly #url: URL;
  readonly #sinks: SeriesSinks<PrometheusTrend>;
  readonly #request: WriteRequest;
  readonly #sender: HttpSender;
  readonly #queue: PushQueue;
  #timer: NodeJS.Timeout | null = null;
  #last = 0;

  constructor(settings: PrometheusSettings, { countsFailedIterations, onTrouble }: ServerContext) {
    this.#settings = settings;
    this.#url = new URL(settings.url);
    this.#sinks = new SeriesSinks<PrometheusTrend>(
      ({ contains }) =>
        settings.nativeHistograms ? new ExponentialHistogram(contains === 'time' ? MS_PER_SECOND : 1) : new TrendSink(),
      countsFailedIterations,
    );
    this.#request = new WriteRequest(settings);
    this.#sender = new HttpSender(this.#url.protocol === 'https:', settings, settings.hidden);
    // Samples of a series must arrive in the order of their times.
    this.#queue = new PushQueue({ send: (body, signal) => this.#send(body, signal), concurrency: 1, onTrouble });
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#push(false), this.#settings.pushIntervalMs);
  }

  receiversFor(metric: Metric, tags: Series['tags']): SampleReceiver[] {
    const { testId } = this.#settings;
    const isNamed = testId === '' || tags.some(([key]) => key === TEST_ID);
    return this.#sinks.receiversFor(metric, isNamed ? tags : [...tags, [TEST_ID, testId]]);
  }

  async stop(): Promise<string | null> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#push(false);
    if (this.#settings.staleMarkers) this.#push(true);
    const loss = await this.#queue.close();
    this.#sender.close();
    return [loss, this.#sinks.loss].filter((text) => text !== null).join('; ') || null;
  }

  #push(ends: boolean): void {
    // Two samples of a series cannot have one time.
    this.#last = Math.max(Date.now(), this.#last + 1);
    const message = this.#request.encode(this.#sinks.all(), this.#last, ends);
    if (message !== null) this.#queue.offer({ body: compressSnappy(message), samples: 0 });
  }

  async #send(body: Uint8Array, signal: AbortSignal) {
    const { headers, aws } = this.#settings;
    const signature = aws === null ? {} : signRequest(this.#url, body, aws, new Date());
    return judgeAnswer(await this.#sender.post(this.#url, { ...headers, ...signature, ...PROTOCOL }, body, signal));
  }
}
