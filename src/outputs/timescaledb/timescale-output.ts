// Samples as rows of a table of PostgreSQL, in the tables of k6's extension, so that its dashboards show them.
import type Pg from 'pg';
import { decodePercent } from '../../addresses/percent-text.ts';
import { importOptional } from '../../extension/import-optional.ts';
import type { SampleBatch } from '../../metrics/sample-batch.ts';
import { prepareOnce, type Series } from '../../metrics/series-table.ts';
import { OutputError } from '../output-error.ts';
import { type PushOutcome, PushQueue } from '../push-queue.ts';
import type { JudgedThreshold, ServerContext, ServerOutput } from '../thread/server-output.ts';
import { CopyQuery, escapeCopy, TimestampText } from './copy-rows.ts';
import type { TimescaleSettings } from './timescale-settings.ts';

/** One by one: the first may fail without TimescaleDB, and must not undo the tables. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS samples (
    ts timestamptz NOT NULL DEFAULT current_timestamp, metric varchar(129) NOT NULL, tags jsonb, value double precision)`,
  `CREATE TABLE IF NOT EXISTS thresholds (
    id serial, ts timestamptz NOT NULL DEFAULT current_timestamp, metric text NOT NULL, tags jsonb, threshold text NOT NULL,
    abort_on_fail boolean DEFAULT false, delay_abort_eval text, last_failed boolean DEFAULT false)`,
  'CREATE INDEX IF NOT EXISTS idx_samples_ts ON samples (ts DESC)',
  'CREATE INDEX IF NOT EXISTS idx_thresholds_ts ON thresholds (ts DESC)',
];
const HYPERTABLE = "SELECT create_hypertable('samples', 'ts', if_not_exists => true)";
const COPY = 'COPY samples (ts, metric, tags, value) FROM STDIN';
const THRESHOLD = `INSERT INTO thresholds (metric, tags, threshold, abort_on_fail, delay_abort_eval, last_failed)
  VALUES ($1, $2, $3, $4, $5, $6)`;
/** Classes of SQLSTATE after which it may work later: connection, resources, rollback, operator (postgresql.org, appendix A). */
const PASSING = /^(?:08|40|53|57)/;
const NO_DATABASE = '3D000';
const PATIENCE_MS = 10_000;
/** Text of one COPY, in characters, about. */
const MOST_TEXT = 1024 * 1024;

export class TimescaleOutput implements ServerOutput {
  readonly #settings: TimescaleSettings;
  readonly #queue: PushQueue;
  readonly #times = new TimestampText();
  #pg: typeof Pg | null = null;
  #client: Pg.Client | null = null;
  #rows: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(settings: TimescaleSettings, { onTrouble }: ServerContext) {
    this.#settings = settings;
    this.#queue = new PushQueue({ send: (body, signal) => this.#send(body, signal), concurrency: 1, onTrouble });
  }

  /** @throws OutputError without the package pg */
  async start(): Promise<void> {
    try {
      const found = (await importOptional('pg', this.#settings.folder, 'the output timescaledb')) as {
        default: typeof Pg;
      };
      this.#pg = found.default;
    } catch (error) {
      throw new OutputError((error as Error).message, { cause: error });
    }
    this.#timer = setInterval(() => this.#push(), this.#settings.pushIntervalMs);
  }

  addBatch({ ids, values, times, count }: SampleBatch, series: readonly Series[]): void {
    for (let index = 0; index < count; index++) {
      const row = `${this.#times.format(times[index])}\t${prepareOnce(series[ids[index]], this, describe)}\t${values[index]}\n`;
      this.#rows.push(row);
      this.#length += row.length;
      if (this.#length > MOST_TEXT) this.#push();
    }
  }

  async stop(thresholds: readonly JudgedThreshold[]): Promise<string | null> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#push();
    const loss = await this.#queue.close();
    const client = this.#client;
    this.#client = null;
    if (client === null) return loss;
    const problem = await writeThresholds(client, thresholds).catch((error: unknown) => (error as Error).message);
    await client.end().catch(() => {});
    return [loss, problem && `the thresholds could not be written: ${problem}`].filter(Boolean).join('; ') || null;
  }

  #push(): void {
    if (this.#rows.length === 0) return;
    const samples = this.#rows.length;
    const body = Buffer.from(this.#rows.join(''));
    this.#rows = [];
    this.#length = 0;
    this.#queue.offer({ body, samples });
  }

  async #send(body: Uint8Array, signal: AbortSignal): Promise<PushOutcome> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const late = new Promise<never>((_, reject) =>
      limit.addEventListener('abort', () => reject(new Error('the server did not answer in time')), { once: true }),
    );
    late.catch(() => {});
    try {
      this.#client ??= await Promise.race([this.#connect(), late]);
      const copy = new CopyQuery(COPY, body);
      this.#client.query(copy);
      await Promise.race([copy.done, late]);
      return { kind: 'taken' };
    } catch (error) {
      this.#leave();
      const { code = '', message } = error as { code?: string; message: string };
      const isFinal = /^[\dA-Z]{5}$/.test(code) && !PASSING.test(code);
      return { kind: isFinal ? 'refused' : 'later', reason: message || code };
    }
  }

  /** After an error nobody knows what state the connection is in. */
  #leave(): void {
    const client = this.#client;
    this.#client = null;
    void client?.end().catch(() => {});
  }

  /** Makes the tables that are missing, and the database. @throws what pg says */
  async #connect(): Promise<Pg.Client> {
    const client = await this.#open(this.#settings.url).catch(async (error: unknown) => {
      if ((error as { code?: string }).code !== NO_DATABASE) throw error;
      await this.#createDatabase();
      return this.#open(this.#settings.url);
    });
    for (const statement of TABLES) await client.query(statement);
    await client.query(HYPERTABLE).catch(() => {});
    return client;
  }

  async #open(url: string): Promise<Pg.Client> {
    const client = new this.#pg!.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS });
    client.on('error', () => {
      if (this.#client === client) this.#client = null;
    });
    await client.connect();
    return client;
  }

  async #createDatabase(): Promise<void> {
    const url = new URL(this.#settings.url);
    const name = decodePercent(url.pathname.slice(1));
    url.pathname = '/postgres';
    const client = await this.#open(url.href);
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    } finally {
      await client.end();
    }
  }
}

/** Metric and tags of each row. */
function describe({ metric, tags }: Series): string {
  const kept = tags
    .filter(([, value]) => value !== '')
    .map(([key, value]) => [key, value.replaceAll('\0', '').toWellFormed()]);
  return `${escapeCopy(metric.name)}\t${escapeCopy(JSON.stringify(Object.fromEntries(kept)))}`;
}

async function writeThresholds(client: Pg.Client, thresholds: readonly JudgedThreshold[]): Promise<null> {
  for (const { metric, tags, source, abortOnFail, delayAbortEval, failed } of thresholds)
    await client.query(THRESHOLD, [metric, JSON.stringify(tags), source, abortOnFail, delayAbortEval, failed]);
  return null;
}
