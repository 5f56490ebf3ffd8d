// The versions of the schema, each with the way back. What has been published stays as it is.
import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

/** What the two databases call octets. */
export type BytesType = 'blob' | 'bytea';

type Database = Kysely<unknown>;
type Columns = Readonly<Record<string, string>>;

/** Tables in the order of their references: those that are referred to come first. */
export const TABLES = [
  'person',
  'project',
  'server',
  'credential',
  'member',
  'secret',
  'blob',
  'test',
  'test_version',
  'schedule',
  'run',
  'run_result',
  'run_event',
  'run_log',
  'run_order',
  'run_file',
  'webhook',
  'webhook_delivery',
  'idempotency',
  'audit',
] as const;

type TableName = (typeof TABLES)[number];

interface TableShape {
  readonly columns: Columns;
  readonly key: string;
}

/**
 * `text`, `int` (64 bits), `bytes`; `?`: may be null; `>table`: refers to the id of a row there, and goes with it; `>blob`: keeps that from
 * going.
 */
const FIRST: Readonly<Record<Exclude<TableName, 'run_file'>, TableShape>> = {
  person: {
    columns: {
      id: 'text',
      email: 'text',
      name: 'text',
      password: 'text?',
      is_admin: 'int',
      is_disabled: 'int',
      created_ms: 'int',
    },
    key: 'id',
  },
  project: {
    columns: {
      id: 'text',
      slug: 'text',
      name: 'text',
      max_vus: 'int',
      max_duration_ms: 'int',
      parallel_runs: 'int',
      retention_days: 'int',
      created_ms: 'int',
    },
    key: 'id',
  },
  server: { columns: { id: 'text', name: 'text', cores: 'int', started_ms: 'int', seen_ms: 'int' }, key: 'id' },
  credential: {
    columns: {
      id: 'text',
      kind: 'text',
      user_id: 'text? >person',
      project_id: 'text? >project',
      name: 'text',
      prefix: 'text',
      digest: 'text',
      scopes: 'text',
      created_ms: 'int',
      expires_ms: 'int?',
      used_ms: 'int?',
    },
    key: 'id',
  },
  member: {
    columns: { project_id: 'text >project', user_id: 'text >person', role: 'text' },
    key: 'project_id, user_id',
  },
  secret: {
    columns: { project_id: 'text >project', name: 'text', sealed: 'bytes', changed_ms: 'int' },
    key: 'project_id, name',
  },
  blob: { columns: { digest: 'text', size: 'int', data: 'bytes' }, key: 'digest' },
  test: {
    columns: {
      id: 'text',
      project_id: 'text >project',
      name: 'text',
      description: 'text',
      parameters: 'text',
      options: 'text',
      baseline_run_id: 'text?',
      latest_version: 'int',
      created_ms: 'int',
      changed_ms: 'int',
    },
    key: 'id',
  },
  test_version: {
    columns: {
      id: 'text',
      test_id: 'text >test',
      n: 'int',
      kind: 'text',
      file_name: 'text',
      digest: 'text >blob',
      size: 'int',
      requirements: 'text',
      created_ms: 'int',
      created_by: 'text',
    },
    key: 'id',
  },
  schedule: {
    columns: {
      id: 'text',
      project_id: 'text >project',
      test_id: 'text >test',
      name: 'text',
      cron: 'text',
      time_zone: 'text',
      overlap: 'text',
      is_enabled: 'int',
      parameters: 'text',
      options: 'text',
      next_ms: 'int?',
      last_ms: 'int?',
      last_outcome: 'text?',
      last_run_id: 'text?',
      created_ms: 'int',
      created_by: 'text',
    },
    key: 'id',
  },
  run: {
    columns: {
      id: 'text',
      project_id: 'text >project',
      test_id: 'text >test',
      version_id: 'text >test_version',
      name: 'text',
      state: 'text',
      exit_code: 'int?',
      reason: 'text?',
      note: 'text',
      origin: 'text',
      schedule_id: 'text?',
      parameters: 'text',
      options: 'text',
      cores: 'int',
      agents: 'int',
      created_ms: 'int',
      created_by: 'text',
      started_ms: 'int?',
      ended_ms: 'int?',
      leader: 'text?',
      lease_ms: 'int?',
      progress: 'text?',
      headline: 'text?',
      fingerprint: 'text?',
      is_pinned: 'int',
      stop_ms: 'int?',
    },
    key: 'id',
  },
  run_result: {
    columns: {
      run_id: 'text >run',
      record: 'bytes',
      seq: 'int',
      at_ms: 'int',
      summary: 'text?',
      summary_json: 'text?',
    },
    key: 'run_id',
  },
  run_event: {
    columns: { run_id: 'text >run', seq: 'int', at_ms: 'int', type: 'text', data: 'text' },
    key: 'run_id, seq',
  },
  run_log: {
    columns: { run_id: 'text >run', seq: 'int', at_ms: 'int', level: 'text', message: 'text', fields: 'text' },
    key: 'run_id, seq',
  },
  run_order: {
    columns: { id: 'text', run_id: 'text >run', at_ms: 'int', body: 'text', outcome: 'text?' },
    key: 'id',
  },
  webhook: {
    columns: {
      id: 'text',
      project_id: 'text >project',
      url: 'text',
      events: 'text',
      sealed: 'bytes',
      is_enabled: 'int',
      created_ms: 'int',
    },
    key: 'id',
  },
  webhook_delivery: {
    columns: {
      id: 'text',
      webhook_id: 'text >webhook',
      event: 'text',
      body: 'text',
      state: 'text',
      attempts: 'int',
      next_ms: 'int',
      status: 'int?',
      problem: 'text?',
      created_ms: 'int',
    },
    key: 'id',
  },
  idempotency: {
    columns: { key: 'text', digest: 'text', run_id: 'text >run', created_ms: 'int' },
    key: 'key',
  },
  audit: {
    columns: {
      id: 'text',
      at_ms: 'int',
      user_id: 'text?',
      actor: 'text',
      action: 'text',
      object: 'text',
      project_id: 'text?',
      detail: 'text',
      address: 'text',
    },
    key: 'id',
  },
};

const INDEXES = [
  'create unique index person_by_email on person (email)',
  'create unique index credential_by_digest on credential (digest)',
  'create index credential_by_user on credential (user_id)',
  'create unique index project_by_slug on project (slug)',
  'create index member_by_user on member (user_id)',
  'create unique index test_by_name on test (project_id, name)',
  'create unique index version_by_number on test_version (test_id, n)',
  'create index version_by_digest on test_version (digest)',
  'create index run_by_project on run (project_id, id)',
  'create index run_by_test on run (test_id, id)',
  'create index run_by_state on run (state, id)',
  'create index order_by_run on run_order (run_id, outcome)',
  'create index schedule_by_time on schedule (is_enabled, next_ms)',
  'create index schedule_by_project on schedule (project_id, id)',
  'create index webhook_by_project on webhook (project_id)',
  'create index delivery_by_time on webhook_delivery (state, next_ms)',
  'create index delivery_by_webhook on webhook_delivery (webhook_id, id)',
  'create index audit_by_project on audit (project_id, id)',
];

/** What came with files of runs, runs that are made elsewhere, and marks of what a run has begun. */
const SECOND = {
  tables: {
    run_file: {
      columns: { run_id: 'text >run', name: 'text', size: 'int', data: 'bytes' },
      key: 'run_id, name',
    },
  },
  columns: { run: { begun_ms: 'int?', cluster: 'bytes?', reporter: 'text?' } },
} as const satisfies {
  readonly tables: Readonly<Record<string, TableShape>>;
  readonly columns: Readonly<Record<string, Columns>>;
};

function writeColumn(column: string, written: string, bytes: BytesType): string {
  const types: Readonly<Record<string, string>> = { text: 'text', int: 'bigint', bytes };
  const [, type = '', optional, target] = /^(\w+)(\?)?(?: >(\w+))?$/.exec(written)!;
  const refers =
    target === undefined
      ? ''
      : target === 'blob'
        ? ' references blob (digest)'
        : ` references ${target} (id) on delete cascade`;
  return `"${column}" ${types[type]}${optional === undefined ? ' not null' : ''}${refers}`;
}

/** @returns the statement that makes a table */
function createTable(name: string, { columns, key }: TableShape, bytes: BytesType): string {
  const lines = Object.entries(columns).map(([column, written]) => writeColumn(column, written, bytes));
  const quoted = key
    .split(', ')
    .map((column) => `"${column}"`)
    .join(', ');
  return `create table "${name}" (${lines.join(', ')}, primary key (${quoted}))`;
}

function firstVersion(bytes: BytesType): Migration {
  return {
    async up(database: Database) {
      for (const [name, shape] of Object.entries(FIRST))
        await sql.raw(createTable(name, shape, bytes)).execute(database);
      for (const statement of INDEXES) await sql.raw(statement).execute(database);
    },
    async down(database: Database) {
      for (const name of Object.keys(FIRST).reverse()) await sql.raw(`drop table "${name}"`).execute(database);
    },
  };
}

function secondVersion(bytes: BytesType): Migration {
  const added = Object.entries(SECOND.columns).flatMap(([table, columns]) =>
    Object.entries(columns).map(([column, written]) => ({ table, column, written })),
  );
  return {
    async up(database: Database) {
      for (const [name, shape] of Object.entries(SECOND.tables))
        await sql.raw(createTable(name, shape, bytes)).execute(database);
      for (const { table, column, written } of added)
        await sql.raw(`alter table "${table}" add column ${writeColumn(column, written, bytes)}`).execute(database);
    },
    async down(database: Database) {
      for (const { table, column } of added)
        await sql.raw(`alter table "${table}" drop column "${column}"`).execute(database);
      for (const name of Object.keys(SECOND.tables)) await sql.raw(`drop table "${name}"`).execute(database);
    },
  };
}

/** Who people are at a provider of OpenID Connect. */
const IDENTITIES: Migration = {
  async up(database: Database) {
    for (const column of ['issuer', 'subject'])
      await sql.raw(`alter table person add column "${column}" text`).execute(database);
    await sql.raw('create unique index person_by_identity on person (issuer, subject)').execute(database);
  },
  async down(database: Database) {
    await sql.raw('drop index person_by_identity').execute(database);
    for (const column of ['issuer', 'subject'])
      await sql.raw(`alter table person drop column "${column}"`).execute(database);
  },
};

/** Where the runs of a project may connect to: a list in JSON; null: everywhere. */
const TARGETS: Migration = {
  async up(database: Database) {
    await sql.raw('alter table project add column "allowed_targets" text').execute(database);
  },
  async down(database: Database) {
    await sql.raw('alter table project drop column "allowed_targets"').execute(database);
  },
};

function allVersions(bytes: BytesType): Readonly<Record<string, Migration>> {
  return {
    '0001-first': firstVersion(bytes),
    '0002-runs': secondVersion(bytes),
    '0003-identities': IDENTITIES,
    '0004-targets': TARGETS,
  };
}

/** The name of the latest version. */
export const LATEST = Object.keys(allVersions('blob')).at(-1)!;

/** @returns the columns of a table's key */
export function keyOf(table: TableName): string[] {
  return { ...FIRST, ...SECOND.tables }[table].key.split(', ');
}

/** @returns the versions by their names, which sort in their order */
export function migrationsFor(bytes: BytesType): MigrationProvider {
  return { getMigrations: async () => allVersions(bytes) };
}
