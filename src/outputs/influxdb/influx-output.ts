// Samples as points of InfluxDB, version 1 or 2.
import { gzipSync } from 'node:zlib';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import { prepareOnce, type Series } from '../../metrics/series-table.ts';
import { formatDecimal } from '../decimal-text.ts';
import { HttpSender, judgeAnswer } from '../http-sender.ts';
import { type PushOutcome, PushQueue } from '../push-queue.ts';
import type { ServerContext, ServerOutput } from '../thread/server-output.ts';
import type { InfluxSettings } from './influx-settings.ts';
import { describePoint, PointTimes } from './line-protocol.ts';

/** Text of one write, in octets, about: InfluxDB takes 25 MB, and writes 5,000 to 10,000 lines best. */
const MOST_TEXT = 1024 * 1024;
const QUICK = { level: 1 };

export class InfluxOutput implements ServerOutput {
  readonly #settings: InfluxSettings;
  readonly #sender: HttpSender;
  readonly #queue: PushQueue;
  readonly #times: PointTimes;
  readonly #writeUrl: URL;
  #lines: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Whether the database is there, as far as is known. */
  #created: boolean;

  constructor(settings: InfluxSettings, { onTrouble }: ServerContext) {
    this.#settings = settings;
    const { address, version, query, insecure, proxy, hidden, concurrentWrites, precision } = settings;
    this.#writeUrl = new URL(version === 1 ? 'write' : 'api/v2/write', address);
    this.#writeUrl.search = new URLSearchParams(query).toString();
    this.#sender = new HttpSender(address.startsWith('https:'), { insecureSkipVerify: insecure, proxy }, hidden);
    this.#queue = new PushQueue({
      send: (body, signal) => this.#write(body, signal),
      concurrency: concurrentWrites,
      onTrouble,
    });
    this.#times = new PointTimes(precision);
    this.#created = settings.database === '';
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#push(), this.#settings.pushIntervalMs);
  }

  addBatch({ ids, values, times, count }: SampleBatch, series: readonly Series[]): void {
    for (let index = 0; index < count; index++) {
      const value = values[index];
      if (!Number.isFinite(value)) {
        this.#queue.drop(1, 'InfluxDB has no infinite numbers');
        continue;
      }
      const line = `${prepareOnce(series[ids[index]], this, this.#describe)}${formatDecimal(value)} ${this.#times.format(times[index])}\n`;
      this.#lines.push(line);
      this.#length += line.length;
      if (this.#length > MOST_TEXT) this.#push();
    }
  }

  async stop(): Promise<string | null> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#push();
    const loss = await this.#queue.close();
    this.#sender.close();
    return loss;
  }

  readonly #describe = (series: Series): string => describePoint(series, this.#settings.tagsAsFields);

  #push(): void {
    if (this.#lines.length === 0) return;
    const samples = this.#lines.length;
    const body = gzipSync(this.#lines.join(''), QUICK);
    this.#lines = [];
    this.#length = 0;
    this.#queue.offer({ body, samples });
  }

  async #write(body: Uint8Array, signal: AbortSignal): Promise<PushOutcome> {
    if (!this.#created) {
      const problem = await this.#create(signal);
      if (problem !== null) return problem;
    }
    const answer = await this.#sender.post(
      this.#writeUrl,
      this.#headers({ 'content-type': 'text/plain; charset=utf-8', 'content-encoding': 'gzip' }),
      body,
      signal,
    );
    const outcome = judgeAnswer(answer);
    if (outcome.kind !== 'refused' || 'error' in answer) return outcome;
    // A server that was set up anew in the middle has no database again.
    if (this.#settings.database !== '' && /database not found/i.test(answer.text)) {
      this.#created = false;
      return { kind: 'later', reason: outcome.reason };
    }
    const partial = /partial write.*dropped=(\d+)/.exec(answer.text);
    return partial === null ? outcome : { ...outcome, lost: Number(partial[1]) };
  }

  /** Creates the database, as k6 does. That it may not be created is no reason not to write to it. */
  async #create(signal: AbortSignal): Promise<PushOutcome | null> {
    const statement = `CREATE DATABASE "${this.#settings.database.replace(/[\\"]/g, '\\$&')}"`;
    const answer = await this.#sender.post(
      new URL('query', this.#settings.address),
      this.#headers({ 'content-type': 'application/x-www-form-urlencoded' }),
      Buffer.from(new URLSearchParams({ q: statement }).toString()),
      signal,
    );
    const outcome = judgeAnswer(answer);
    if (outcome.kind === 'later') return outcome;
    this.#created = true;
    return null;
  }

  #headers(more: Readonly<Record<string, string>>): Record<string, string> {
    const { authorization } = this.#settings;
    return { ...more, ...(authorization !== '' && { authorization }) };
  }
}
