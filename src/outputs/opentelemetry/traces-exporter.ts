// Spans to a receiver of OTLP: gathered for a moment, and sent in pushes that any receiver takes.
import type { SpanBatch } from '../../metrics/span-batch.ts';
import { PushQueue } from '../push-queue.ts';
import type { ServerContext, ServerOutput } from '../thread/server-output.ts';
import { createOtlpSender, type OtlpSender } from './otlp-sender.ts';
import { TracesRequest } from './traces-request.ts';
import type { TracesSettings } from './traces-settings.ts';

const METHOD = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const PUSH_INTERVAL_MS = 1000;
/** Receivers of gRPC take 4 MiB in a message unless they are told otherwise. */
const MOST_OCTETS = 1024 * 1024;
const CONCURRENCY = 4;

export class TracesExporter implements ServerOutput {
  readonly #request = new TracesRequest();
  readonly #sender: OtlpSender;
  readonly #queue: PushQueue;
  #lost = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @throws OutputError for an endpoint that is none */
  constructor({ target }: TracesSettings, { onTrouble }: Pick<ServerContext, 'onTrouble'>) {
    this.#sender = createOtlpSender(target, METHOD);
    this.#queue = new PushQueue({
      send: (body, signal) => this.#sender.send(body, signal),
      concurrency: CONCURRENCY,
      unit: 'spans',
      onTrouble,
    });
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#push(), PUSH_INTERVAL_MS);
  }

  addSpans(batch: SpanBatch): void {
    this.#lost += batch.lost;
    let at = 0;
    for (let index = 0; index < batch.count; index++) {
      at = this.#request.add(batch, index, at);
      if (this.#request.size > MOST_OCTETS) this.#push();
    }
  }

  async stop(): Promise<string | null> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#push();
    if (this.#lost > 0) this.#queue.drop(this.#lost, 'there were too many at once');
    const loss = await this.#queue.close();
    this.#sender.close();
    return loss;
  }

  #push(): void {
    const { count } = this.#request;
    if (count > 0) this.#queue.offer({ body: this.#request.finish(), samples: count });
  }
}
