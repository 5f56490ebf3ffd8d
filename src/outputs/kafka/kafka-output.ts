// Samples as messages of a topic of Kafka: lines of JSON, or of InfluxDB's protocol.
import type * as Kafka from '@platformatic/kafka';
import { importOptional } from '../../extension/import-optional.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import { prepareOnce, type Series } from '../../metrics/series-table.ts';
import { formatDecimal } from '../decimal-text.ts';
import { describePoint, PointTimes } from '../influxdb/line-protocol.ts';
import { describeTags, formatPoint } from '../json-point.ts';
import { OutputError } from '../output-error.ts';
import { type PushOutcome, PushQueue } from '../push-queue.ts';
import type { ServerContext, ServerOutput } from '../thread/server-output.ts';
import { TimeText } from '../time-text.ts';
import type { KafkaSettings } from './kafka-settings.ts';

/** Text of one push, in characters, about: brokers take a megabyte at once unless told otherwise. */
const MOST_TEXT = 512 * 1024;
const PATIENCE_MS = 10_000;

type Producer = Kafka.Producer<Buffer, Buffer, Buffer, Buffer>;

export class KafkaOutput implements ServerOutput {
  readonly #settings: KafkaSettings;
  readonly #queue: PushQueue;
  readonly #times = new TimeText();
  readonly #pointTimes = new PointTimes('ns');
  #kafka: typeof Kafka | null = null;
  #producer: Producer | null = null;
  #lines: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(settings: KafkaSettings, { onTrouble }: Pick<ServerContext, 'onTrouble'>) {
    this.#settings = settings;
    this.#queue = new PushQueue({ send: (body) => this.#send(body), concurrency: 1, onTrouble });
  }

  /** @throws OutputError without the package of the client */
  async start(): Promise<void> {
    try {
      this.#kafka = (await importOptional(
        '@platformatic/kafka',
        this.#settings.folder,
        'the output xk6-kafka',
      )) as typeof Kafka;
    } catch (error) {
      throw new OutputError((error as Error).message, { cause: error });
    }
    this.#timer = setInterval(() => this.#push(), this.#settings.pushIntervalMs);
  }

  addBatch(batch: SampleBatch, series: readonly Series[]): void {
    const format = this.#settings.format === 'json' ? this.#formatJson : this.#formatInflux;
    for (let index = 0; index < batch.count; index++) {
      const line = format(batch, index, series[batch.ids[index]]);
      if (line === null) {
        this.#queue.drop(1, 'the line protocol has no infinite numbers');
        continue;
      }
      this.#lines.push(line);
      this.#length += line.length;
      if (this.#length > MOST_TEXT) this.#push();
    }
  }

  async stop(): Promise<string | null> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#push();
    const loss = await this.#queue.close();
    await this.#forget();
    return loss;
  }

  readonly #formatJson = ({ values, times, metadata }: SampleBatch, index: number, series: Series): string => {
    const set = metadata && metadata.ids[index] > 0 ? metadata.sets[metadata.ids[index] - 1] : undefined;
    const tail = prepareOnce(series, this, describeTags);
    return formatPoint(series.metric.name, this.#times.rfc3339Nano(times[index]), values[index], tail, set);
  };

  readonly #formatInflux = ({ values, times }: SampleBatch, index: number, series: Series): string | null => {
    const value = values[index];
    if (!Number.isFinite(value)) return null;
    const head = prepareOnce(series, this, (one) => describePoint(one, this.#settings.tagsAsFields));
    return `${head}${formatDecimal(value)} ${this.#pointTimes.format(times[index])}\n`;
  };

  #push(): void {
    if (this.#lines.length === 0) return;
    const samples = this.#lines.length;
    const body = Buffer.from(this.#lines.join(''));
    this.#lines = [];
    this.#length = 0;
    this.#queue.offer({ body, samples });
  }

  /** @param body lines, each a message */
  async #send(body: Uint8Array): Promise<PushOutcome> {
    const { topic } = this.#settings;
    const messages = toLines(body).map((value) => ({ topic, value }));
    try {
      this.#producer ??= this.#connect();
      await this.#producer.send({ messages });
      return { kind: 'taken' };
    } catch (error) {
      // What it knew of the brokers may be why.
      await this.#forget();
      return judgeError(error as Error, this.#settings);
    }
  }

  #connect(): Producer {
    const { brokers, sasl, tls } = this.#settings;
    return new this.#kafka!.Producer<Buffer, Buffer, Buffer, Buffer>({
      clientId: 'sixfold',
      bootstrapBrokers: [...brokers],
      acks: 1,
      autocreateTopics: true,
      // The queue does that, and says what is going on.
      retries: 0,
      connectTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      ...(sasl !== null && { sasl }),
      ...(tls !== null && { tls }),
    });
  }

  async #forget(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.close(true).catch(() => {});
  }
}

/** @returns the lines without what ends them */
function toLines(body: Uint8Array): Buffer[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return lines;
}

/** @returns every error that an error stands for, the innermost first */
function flatten(error: Error): Error[] {
  const inner = error instanceof AggregateError ? (error.errors as Error[]).flatMap(flatten) : [];
  return [...inner, ...(error.cause instanceof Error ? flatten(error.cause) : []), error];
}

function judgeError(error: Error, { brokers, sasl }: KafkaSettings): PushOutcome {
  const all = flatten(error);
  const message = (all[0]!.message || error.message).replace(/\s+/g, ' ').slice(0, 200);
  const shown = sasl === null || sasl.password === '' ? message : message.replaceAll(sasl.password, '***');
  const reason = `${brokers.join(', ')}: ${shown}`;
  const isHopeless = all.some(
    ({ name, message: text }) => name === 'AuthenticationError' || /MESSAGE_TOO_LARGE/.test(text),
  );
  return { kind: isHopeless ? 'refused' : 'later', reason };
}
