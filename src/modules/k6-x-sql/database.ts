// A database that a virtual user has opened: its connection, and what is measured of each statement.
import { tagFailure } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { SqlAnswer, SqlDriver, SqlSession, SqlSource, SqlValue } from './sql-driver.ts';

export interface DatabaseLimits {
  /** Milliseconds; Infinity for none. */
  readonly lifetimeMs: number;
  readonly idleMs: number;
}

export class Database {
  readonly #vu: VirtualUser;
  readonly #driver: SqlDriver;
  readonly #source: SqlSource;
  readonly #limits: DatabaseLimits;
  #session: SqlSession | null = null;
  #connected = 0;
  #used = 0;
  #isClosed = false;

  constructor(vu: VirtualUser, driver: SqlDriver, source: SqlSource, limits: DatabaseLimits) {
    this.#vu = vu;
    this.#driver = driver;
    this.#source = source;
    this.#limits = limits;
    vu.onDispose(() => this.#drop());
  }

  /**
   * Runs a statement, over a connection that is made if there is none.
   * @throws WireError with a code of the catalogue
   */
  run(statement: string, values: readonly SqlValue[], timeoutMs: number): SqlAnswer | Promise<SqlAnswer> {
    if (this.#isClosed) throw new Error('the database is closed');
    if (!this.#driver.isLocal) this.#vu.forbidInit('sending statements to a database');
    this.#retire();
    if (!this.#driver.isLocal) return this.#runRemote(statement, values, timeoutMs);
    const started = performance.now();
    try {
      this.#session ??= this.#source.connect(this.#vu) as SqlSession;
      const answer = this.#session.run(statement, values, timeoutMs) as SqlAnswer;
      this.#measure(statement, started, null);
      return answer;
    } catch (error) {
      throw this.#measure(statement, started, error);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  async #runRemote(statement: string, values: readonly SqlValue[], timeoutMs: number): Promise<SqlAnswer> {
    const vu = this.#vu;
    let isInterrupted = false;
    let started = performance.now();
    const forget = vu.onInterrupt(() => {
      isInterrupted = true;
      // The statement is still running there: the next one must not wait for it.
      this.#drop();
    });
    try {
      if (this.#session === null) {
        this.#session = await this.#source.connect(vu);
        this.#connected = performance.now();
        this.#add('sql_connecting', this.#connected - started);
        started = this.#connected;
        if (isInterrupted || this.#isClosed) this.#drop();
      }
      if (this.#session === null) throw new WireError(1030, 'cancelled');
      const answer = await this.#session.run(statement, values, timeoutMs);
      if (!isInterrupted) this.#measure(statement, started, null);
      return answer;
    } catch (error) {
      // Without its answer a connection is out of step.
      if (this.#session?.isBroken || (error as WireError).code === 1050) this.#drop();
      throw isInterrupted ? error : this.#measure(statement, started, error);
    } finally {
      this.#used = performance.now();
      forget();
    }
  }

  /** A connection that has ended, or is past its time, is not used again. */
  #retire(): void {
    if (this.#session === null || this.#driver.isLocal) return;
    const now = performance.now();
    const { lifetimeMs, idleMs } = this.#limits;
    if (this.#session.isBroken || now - this.#connected > lifetimeMs || now - this.#used > idleMs) this.#drop();
  }

  #drop(): void {
    this.#session?.close();
    this.#session = null;
  }

  /** @returns the failure as an error of the catalogue */
  #measure(statement: string, started: number, error: unknown): WireError | null {
    const failure = error === null ? null : toWireError(error, 'read');
    const { environment, phase } = this.#vu;
    if (phase === 'init') return failure;
    const { samples, metrics, options } = environment;
    let tags = options.systemTags.includes('url') ? this.#vu.tags.with('url', this.#source.url) : this.#vu.tags;
    if (options.systemTags.includes('name'))
      tags = tags.with('name', /^[\s(]*([a-z]+)/i.exec(statement)?.[1]?.toUpperCase() ?? '');
    if (failure !== null) tags = tagFailure(environment, tags, 'sql', failure);
    const now = environment.now();
    samples.add(metrics.sql_queries, tags, 1, now);
    samples.add(metrics.sql_query_duration, tags, performance.now() - started, now);
    samples.add(metrics.sql_query_failed, tags, failure === null ? 0 : 1, now);
    return failure;
  }

  #add(metric: 'sql_connecting', value: number): void {
    const { samples, metrics, now } = this.#vu.environment;
    samples.add(metrics[metric], this.#vu.tags, value, now());
  }
}
