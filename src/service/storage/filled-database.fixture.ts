// A database with one project and one test in it, for what works on rows alone.
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { type DatabaseServer, NO_POSTGRES, spawnPostgres } from '../../../test/servers/spawn-databases.ts';
import type { RunRow } from '../runs/run-queue.ts';
import { type Database, openDatabase } from './database.ts';
import { newId } from './new-id.ts';

export const PERSON = 'person-ann';

export class FilledDatabase {
  readonly database: Database;
  readonly #end: () => Promise<void>;

  private constructor(database: Database, end: () => Promise<void>) {
    this.database = database;
    this.#end = end;
  }

  /** @param address null: SQLite in memory */
  static async open(address: string | null = null): Promise<FilledDatabase> {
    const database = await openDatabase(address ?? ':memory:', import.meta.dirname);
    await database.migrate();
    const filled = new FilledDatabase(database, () => database.close());
    await database.query
      .insertInto('person')
      .values({
        id: PERSON,
        email: 'ann@example.com',
        name: 'Ann',
        password: null,
        is_admin: 0,
        is_disabled: 0,
        created_ms: 1,
      })
      .execute();
    await database.query
      .insertInto('blob')
      .values({ digest: 'd1', size: 1, data: Buffer.from('x') })
      .execute();
    await filled.addProject('shop');
    return filled;
  }

  /** Adds a project with a test and a version of it, whose ids begin with its slug. */
  async addProject(slug: string, parallelRuns = 10, retentionDays = 30): Promise<void> {
    const { query } = this.database;
    await query
      .insertInto('project')
      .values({
        id: slug,
        slug,
        name: slug,
        max_vus: 100,
        max_duration_ms: 60_000,
        parallel_runs: parallelRuns,
        retention_days: retentionDays,
        allowed_targets: null,
        created_ms: 1,
      })
      .execute();
    await query
      .insertInto('test')
      .values({
        id: `${slug}-test`,
        project_id: slug,
        name: 'checkout',
        description: '',
        parameters: '{}',
        options: '{}',
        baseline_run_id: null,
        latest_version: 1,
        created_ms: 1,
        changed_ms: 1,
      })
      .execute();
    await query
      .insertInto('test_version')
      .values({
        id: `${slug}-version`,
        test_id: `${slug}-test`,
        n: 1,
        kind: 'script',
        file_name: 'a.js',
        digest: 'd1',
        size: 1,
        requirements: '{"maxVus":1,"options":{}}',
        created_ms: 1,
        created_by: 'ann',
      })
      .execute();
  }

  /** @returns a run of the project, queued unless it says otherwise */
  rowOf(given: Partial<RunRow> = {}, project = 'shop'): RunRow {
    return {
      id: newId(),
      project_id: project,
      test_id: `${project}-test`,
      version_id: `${project}-version`,
      name: 'checkout',
      state: 'queued',
      exit_code: null,
      reason: null,
      note: '',
      origin: 'person',
      schedule_id: null,
      parameters: '{}',
      options: '{}',
      cores: 1,
      agents: 0,
      created_ms: Date.now(),
      created_by: 'ann@example.com',
      started_ms: null,
      ended_ms: null,
      leader: null,
      lease_ms: null,
      progress: null,
      headline: null,
      fingerprint: null,
      is_pinned: 0,
      stop_ms: null,
      begun_ms: null,
      cluster: null,
      reporter: null,
      ...given,
    };
  }

  async addRun(given: Partial<RunRow> = {}, project = 'shop'): Promise<string> {
    const row = this.rowOf(given, project);
    await this.database.query.insertInto('run').values(row).execute();
    return row.id;
  }

  run(id: string): Promise<RunRow> {
    return this.database.query.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  }

  async close(): Promise<void> {
    await this.#end();
  }
}

/** Runs tests on both databases. @param register registers them: `open` gives a database of its own */
export function onBothDatabases(register: (name: string, open: () => Promise<FilledDatabase>) => void): void {
  register('SQLite', () => FilledDatabase.open());
  if (NO_POSTGRES !== false) {
    test('PostgreSQL', { skip: NO_POSTGRES }, () => {});
    return;
  }
  let server: DatabaseServer | null = null;
  let count = 0;
  const open = async (): Promise<FilledDatabase> => {
    server ??= await spawnPostgres();
    const root = `postgres://ann:s3cret@127.0.0.1:${server.port}`;
    const name = `own${++count}`;
    const all = await openDatabase(`${root}/postgres`, import.meta.dirname);
    await sql`create database ${sql.ref(name)}`.execute(all.query);
    await all.close();
    return FilledDatabase.open(`${root}/${name}`);
  };
  register('PostgreSQL', open);
  after(() => server?.stop());
}
