// The tables of the service. Both databases have the same: text, whole numbers (ms since the epoch, 0 and 1 for truth) and octets;
// what has parts is JSON as text.
import type { ColumnType } from 'kysely';

type Flag = ColumnType<number, number, number>;

export interface UserTable {
  readonly id: string;
  email: string;
  name: string;
  /** null: nobody has chosen a password yet, or the person signs in elsewhere. */
  password: string | null;
  is_admin: Flag;
  is_disabled: Flag;
  created_ms: number;
  /** The provider that the person signs in by, and who they are there; null: none. */
  issuer: string | null;
  subject: string | null;
}

export interface CredentialTable {
  readonly id: string;
  /** `session`: a browser's; `token`: a program's; `link`: chooses a password, once; `setup`: makes the first administrator, once. */
  kind: 'session' | 'token' | 'link' | 'setup';
  user_id: string | null;
  /** The only project that it is for; null: all of its owner's. */
  project_id: string | null;
  name: string;
  /** The beginning, by which people know it again. */
  prefix: string;
  /** SHA-256 in hex. */
  digest: string;
  /** JSON: a list. */
  scopes: string;
  created_ms: number;
  expires_ms: number | null;
  used_ms: number | null;
}

export interface ProjectTable {
  readonly id: string;
  slug: string;
  name: string;
  max_vus: number;
  max_duration_ms: number;
  parallel_runs: number;
  retention_days: number;
  /** JSON: a list of rules; null: runs may connect everywhere. */
  allowed_targets: string | null;
  created_ms: number;
}

export interface MemberTable {
  project_id: string;
  user_id: string;
  role: 'viewer' | 'runner' | 'admin';
}

export interface SecretTable {
  project_id: string;
  name: string;
  sealed: Uint8Array;
  changed_ms: number;
}

export interface TestTable {
  readonly id: string;
  project_id: string;
  name: string;
  description: string;
  /** JSON: variables of the script by name. */
  parameters: string;
  /** JSON: options that go before the script's. */
  options: string;
  baseline_run_id: string | null;
  latest_version: number;
  created_ms: number;
  changed_ms: number;
}

export interface TestVersionTable {
  readonly id: string;
  test_id: string;
  n: number;
  kind: 'script' | 'archive';
  file_name: string;
  digest: string;
  size: number;
  /** JSON: what the script asks for. */
  requirements: string;
  created_ms: number;
  created_by: string;
}

export interface BlobTable {
  digest: string;
  size: number;
  data: Uint8Array;
}

export type StoredState = 'queued' | 'starting' | 'running' | 'stopping' | 'passed' | 'failed' | 'aborted' | 'error';

export interface RunTable {
  readonly id: string;
  project_id: string;
  test_id: string;
  version_id: string;
  /** That of the test, for lists and searches. */
  name: string;
  state: StoredState;
  exit_code: number | null;
  reason: string | null;
  note: string;
  origin: 'person' | 'token' | 'schedule';
  schedule_id: string | null;
  parameters: string;
  options: string;
  /** Threads that make load; those of agents where there are any. */
  cores: number;
  agents: number;
  created_ms: number;
  created_by: string;
  started_ms: number | null;
  ended_ms: number | null;
  /** The server that runs it, and until when it is believed to. */
  leader: string | null;
  lease_ms: number | null;
  /** JSON: how far it is. */
  progress: string | null;
  headline: string | null;
  fingerprint: string | null;
  is_pinned: Flag;
  /** Somebody wants its end. */
  stop_ms: number | null;
  /** When its load was about to begin; null: it has run nothing yet, so it may be started anew. */
  begun_ms: number | null;
  /** What whoever leads the agents on has to know, sealed; null: no agents make its load. */
  cluster: Uint8Array | null;
  /** Who runs it elsewhere and tells of it here: the id of a person; null: a server runs it. */
  reporter: string | null;
}

export interface RunFileTable {
  run_id: string;
  /** As the script named it. */
  name: string;
  size: number;
  data: Uint8Array;
}

export interface RunResultTable {
  run_id: string;
  /** As reports hold it. */
  record: Uint8Array;
  /** The last event that it counts. */
  seq: number;
  at_ms: number;
  summary: string | null;
  summary_json: string | null;
}

export interface RunEventTable {
  run_id: string;
  seq: number;
  at_ms: number;
  type: string;
  data: string;
}

export interface RunLogTable {
  run_id: string;
  seq: number;
  at_ms: number;
  level: string;
  message: string;
  fields: string;
}

export interface RunOrderTable {
  readonly id: string;
  run_id: string;
  at_ms: number;
  body: string;
  /** JSON: how it went; null: nobody has carried it out. */
  outcome: string | null;
}

export interface ScheduleTable {
  readonly id: string;
  project_id: string;
  test_id: string;
  name: string;
  cron: string;
  time_zone: string;
  overlap: 'skip' | 'queue';
  is_enabled: Flag;
  parameters: string;
  options: string;
  next_ms: number | null;
  last_ms: number | null;
  /** What became of the last one, a sentence. */
  last_outcome: string | null;
  last_run_id: string | null;
  created_ms: number;
  created_by: string;
}

export interface WebhookTable {
  readonly id: string;
  project_id: string;
  url: string;
  events: string;
  sealed: Uint8Array;
  is_enabled: Flag;
  created_ms: number;
}

export interface DeliveryTable {
  readonly id: string;
  webhook_id: string;
  event: string;
  body: string;
  state: 'waiting' | 'delivered' | 'given-up';
  attempts: number;
  next_ms: number;
  status: number | null;
  problem: string | null;
  created_ms: number;
}

export interface IdempotencyTable {
  /** Who sent it, and what. */
  key: string;
  digest: string;
  run_id: string;
  created_ms: number;
}

export interface AuditTable {
  readonly id: string;
  at_ms: number;
  user_id: string | null;
  /** Who it was, as people know them. */
  actor: string;
  action: string;
  object: string;
  project_id: string | null;
  detail: string;
  address: string;
}

export interface ServerTable {
  readonly id: string;
  name: string;
  cores: number;
  started_ms: number;
  seen_ms: number;
}

export interface Tables {
  person: UserTable;
  credential: CredentialTable;
  project: ProjectTable;
  member: MemberTable;
  secret: SecretTable;
  test: TestTable;
  test_version: TestVersionTable;
  blob: BlobTable;
  run: RunTable;
  run_result: RunResultTable;
  run_event: RunEventTable;
  run_log: RunLogTable;
  run_order: RunOrderTable;
  run_file: RunFileTable;
  schedule: ScheduleTable;
  webhook: WebhookTable;
  webhook_delivery: DeliveryTable;
  idempotency: IdempotencyTable;
  audit: AuditTable;
  server: ServerTable;
}
