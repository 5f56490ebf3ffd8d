// What the API takes and gives.
import {
  anyObject,
  count,
  type Data,
  flag,
  identifier,
  list,
  mapOf,
  nullable,
  number,
  object,
  oneOf,
  text,
  time,
} from './schema.ts';

const name = text({ minLength: 1, maxLength: 100 });
const slug = text({ pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$' });
const email = text({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' });
const password = text({ minLength: 10, maxLength: 200 });
const variableName = '^[A-Za-z_][A-Za-z0-9_]{0,99}$';
const variables = mapOf(text({ maxLength: 10_000 }));
const days = count(1, 3650);

const ROLES = ['viewer', 'runner', 'admin'] as const;
const SCOPES = ['read', 'run', 'admin', 'server'] as const;
export const RUN_STATES = [
  'queued',
  'starting',
  'running',
  'stopping',
  'passed',
  'failed',
  'aborted',
  'error',
] as const;
const HOOK_EVENTS = ['run.started', 'run.passed', 'run.failed', 'run.aborted', 'run.error'] as const;

const role = oneOf(...ROLES);

const PROBLEM = object(
  { type: text(), title: text(), status: count(400, 599), detail: text({ maxLength: 100_000 }) },
  { errors: list(object({ path: text(), message: text() })) },
);

export const PERSON = object({
  id: identifier,
  email: text(),
  name: text(),
  isAdmin: flag,
  isDisabled: flag,
  hasPassword: flag,
  /** Whether a provider's account is theirs. */
  hasIdentity: flag,
  createdAtMs: time,
});
export const NEW_PERSON = object({ email, name }, { isAdmin: flag });
export const PERSON_CHANGE = object({}, { name, isAdmin: flag, isDisabled: flag });
/** Where there are no passwords, the link leads to where people sign in, and stays good. */
export const INVITATION = object({ person: PERSON, link: text(), expiresAtMs: nullable(time) });
/** Where there are passwords, it needs one. */
export const SETUP = object({ token: text(), email, name }, { password });
export const PASSWORD_CHOICE = object({ token: text(), password });
export const PASSWORD_CHANGE = object({ current: text(), password });
export const SIGN_IN = object({ email: text(), password: text() });
export const SIGN_IN_WAYS = object({
  takesPasswords: flag,
  /** By OpenID Connect; the address is for a browser to go to. */
  provider: nullable(object({ name: text(), url: text({ maxLength: 3000 }) })),
});
/** Why a provider's word let nobody in; pages say it in their language. */
export type SignInRefusal =
  | 'again'
  | 'cancelled'
  | 'provider'
  | 'email'
  | 'domain'
  | 'unknown'
  | 'disabled'
  | 'other-account';

const targets = nullable(list(text({ maxLength: 300 }), 200));

export const PROJECT = object({
  id: identifier,
  slug: text(),
  name: text(),
  maxVus: count(),
  maxDurationMs: count(),
  parallelRuns: count(),
  retentionDays: count(),
  /** Where its runs may connect to, a rule each; null: everywhere. */
  allowedTargets: targets,
  createdAtMs: time,
  role,
});
const limits = {
  maxVus: count(1, 1_000_000),
  maxDurationMs: count(1000, 30 * 86_400_000),
  parallelRuns: count(1, 1000),
  retentionDays: days,
  allowedTargets: targets,
};
export const NEW_PROJECT = object({ name }, { slug, ...limits });
export const PROJECT_CHANGE = object({}, { name, slug, ...limits });

export const SESSION = object({
  person: PERSON,
  /** To be sent as `x-csrf-token` with each change. */
  csrfToken: nullable(text()),
  /** Null for a browser's session. */
  scopes: nullable(list(oneOf(...SCOPES))),
  projects: list(PROJECT),
});

export const MEMBER = object({ personId: identifier, email: text(), name: text(), role });
export const MEMBER_CHANGE = object({ role });
export const NEW_MEMBER = object({ email: text(), role });

export const SECRET = object({ name: text(), changedAtMs: time });
export const SECRET_VALUE = object({ value: text({ minLength: 1, maxLength: 10_000 }) });

export const TOKEN = object({
  id: identifier,
  name: text(),
  prefix: text(),
  scopes: list(oneOf(...SCOPES)),
  projectId: nullable(identifier),
  createdAtMs: time,
  expiresAtMs: nullable(time),
  usedAtMs: nullable(time),
});
export const NEW_TOKEN = object(
  { name, scopes: list(oneOf(...SCOPES), SCOPES.length) },
  { projectId: nullable(identifier), expiresInDays: nullable(days) },
);
export const CREATED_TOKEN = object({ token: TOKEN, /** Shown once. */ secret: text() });

const REQUIREMENTS = object({
  maxVus: count(),
  /** Null: it ends when somebody stops it. */
  durationMs: nullable(count()),
  scenarios: list(object({ name: text(), description: text() })),
  thresholds: list(text()),
  options: anyObject,
  warnings: list(text({ maxLength: 10_000 })),
});

export const TEST = object({
  id: identifier,
  projectId: identifier,
  name: text(),
  description: text({ maxLength: 10_000 }),
  parameters: variables,
  options: anyObject,
  baselineRunId: nullable(identifier),
  latestVersion: count(),
  createdAtMs: time,
  changedAtMs: time,
});
export const NEW_TEST = object(
  { name },
  { description: text({ maxLength: 10_000 }), parameters: variables, options: anyObject },
);
export const TEST_CHANGE = object(
  {},
  {
    name,
    description: text({ maxLength: 10_000 }),
    parameters: variables,
    options: anyObject,
    baselineRunId: nullable(identifier),
  },
);
export const TEST_VERSION = object({
  id: identifier,
  testId: identifier,
  n: count(1),
  kind: oneOf('script', 'archive'),
  fileName: text(),
  digest: text(),
  size: count(),
  requirements: REQUIREMENTS,
  createdAtMs: time,
  createdBy: text(),
});
export const SOURCE = object({
  main: text(),
  files: list(
    object({ name: text({ maxLength: 4096 }), size: count(), text: nullable(text({ maxLength: 10_000_000 })) }),
  ),
});
export const CHECKED = object({
  ok: flag,
  problem: nullable(text({ maxLength: 100_000 })),
  requirements: nullable(REQUIREMENTS),
});

const HEADLINE = object({
  durationMs: number,
  iterations: number,
  failedIterations: number,
  requests: number,
  failed: number,
  protocol: nullable(text()),
  p95: nullable(number),
  thresholds: number,
  crossed: number,
});
const PROGRESS = object({
  state: text(),
  isPaused: flag,
  elapsedMs: number,
  plannedMs: nullable(number),
  activeVus: number,
  initialisedVus: number,
  completed: number,
  interrupted: number,
  failed: number,
});
export const RUN = object({
  id: identifier,
  projectId: identifier,
  testId: identifier,
  versionId: identifier,
  name: text(),
  state: oneOf(...RUN_STATES),
  exitCode: nullable(count()),
  reason: nullable(text({ maxLength: 100_000 })),
  note: text(),
  origin: oneOf('person', 'token', 'schedule'),
  scheduleId: nullable(identifier),
  parameters: variables,
  options: anyObject,
  cores: count(),
  agents: count(),
  createdAtMs: time,
  createdBy: text(),
  startedAtMs: nullable(time),
  endedAtMs: nullable(time),
  progress: nullable(PROGRESS),
  headline: nullable(HEADLINE),
  isPinned: flag,
  isStopping: flag,
  /** Somebody makes it elsewhere and tells of it here. */
  isReported: flag,
});
export const NEW_RUN = object(
  {},
  {
    version: count(1),
    parameters: variables,
    options: anyObject,
    note: text({ maxLength: 500 }),
    cores: count(1, 1024),
    agents: count(0, 1000),
  },
);
export const NEW_REPORTED_RUN = object(
  {},
  { version: count(1), parameters: variables, note: text({ maxLength: 500 }) },
);
export const RUN_CHANGE = object({}, { isPinned: flag, note: text({ maxLength: 500 }) });
export const RUN_ORDER = object(
  { action: oneOf('stop', 'pause', 'resume', 'scale') },
  { vus: count(0, 1_000_000), maxVus: count(0, 1_000_000) },
);
export const ORDER_OUTCOME = object({ ok: flag, message: text() });
export const SUMMARY = object({ text: nullable(text({ maxLength: 10_000_000 })), data: nullable(anyObject) });
const LOG_LINE = object({
  seq: count(),
  atMs: time,
  level: text(),
  message: text({ maxLength: 100_000 }),
  fields: mapOf(text({ maxLength: 100_000 })),
});
export const LOG = object({ lines: list(LOG_LINE), next: nullable(count()), isOver: flag });
export const RUN_FILES = object({ items: list(object({ name: text({ maxLength: 200 }), size: count() })) });
/** Octets in base64: of an upload at most. */
const octets = text({ maxLength: 50 * 1024 * 1024 });
/** What has happened since the report before. Lines, events and their numbers count from 1; what comes twice counts once. */
export const REPORT = object(
  {},
  {
    /** The load is about to begin. */
    begun: object({ fingerprint: text() }),
    progress: PROGRESS,
    events: list(
      object({
        seq: count(1),
        name: text({ maxLength: 50, pattern: '^[\\w-]+$' }),
        data: text({ maxLength: 2_000_000 }),
      }),
      5000,
    ),
    lines: list(LOG_LINE, 1000),
    /** The run so far, as reports hold it, behind the event of that number. */
    checkpoint: object({ record: octets, headline: HEADLINE, seq: count() }),
    outcomes: list(object({ id: identifier, ok: flag, message: text() }), 1000),
    ending: object({
      exitCode: count(0, 255),
      reason: nullable(text({ maxLength: 100_000 })),
      record: nullable(octets),
      headline: nullable(HEADLINE),
      fingerprint: nullable(text()),
      summary: nullable(text({ maxLength: 2_000_000 })),
      summaryData: nullable(text({ maxLength: 2_000_000 })),
      files: list(object({ name: text(), data: octets }), 100),
    }),
  },
);
export const REPORT_ANSWER = object({ orders: list(object({ id: identifier, order: anyObject })) });
const TREND_POINT = object({
  runId: identifier,
  version: count(),
  state: oneOf(...RUN_STATES),
  endedAtMs: nullable(time),
  headline: nullable(HEADLINE),
});
export const TREND = object({ points: list(TREND_POINT), baselineRunId: nullable(identifier) });
export const COMPARISON = object({ comparison: anyObject, lines: list(text({ maxLength: 10_000 })) });

export const SCHEDULE = object({
  id: identifier,
  projectId: identifier,
  testId: identifier,
  name: text(),
  cron: text(),
  timeZone: text(),
  overlap: oneOf('skip', 'queue'),
  isEnabled: flag,
  parameters: variables,
  options: anyObject,
  nextAtMs: nullable(time),
  lastAtMs: nullable(time),
  lastOutcome: nullable(text()),
  lastRunId: nullable(identifier),
  createdAtMs: time,
  createdBy: text(),
});
const scheduleParts = {
  timeZone: text({ minLength: 1, maxLength: 100 }),
  overlap: oneOf('skip', 'queue'),
  isEnabled: flag,
  parameters: variables,
  options: anyObject,
};
const cron = text({ minLength: 1, maxLength: 200 });
export const NEW_SCHEDULE = object({ name, cron }, scheduleParts);
export const SCHEDULE_CHANGE = object({}, { name, cron, ...scheduleParts });

export const WEBHOOK = object({
  id: identifier,
  url: text(),
  events: list(oneOf(...HOOK_EVENTS)),
  isEnabled: flag,
  createdAtMs: time,
});
const url = text({ minLength: 8, maxLength: 2000, pattern: '^https?://' });
const events = list(oneOf(...HOOK_EVENTS), HOOK_EVENTS.length);
export const NEW_WEBHOOK = object({ url, events });
export const WEBHOOK_CHANGE = object({}, { url, events, isEnabled: flag });
export const CREATED_WEBHOOK = object({ webhook: WEBHOOK, /** What signs its messages; shown once. */ secret: text() });
export const DELIVERY = object({
  id: identifier,
  event: text(),
  state: oneOf('waiting', 'delivered', 'given-up'),
  attempts: count(),
  nextAtMs: time,
  status: nullable(count()),
  problem: nullable(text()),
  createdAtMs: time,
});

export const AUDIT_ENTRY = object({
  id: identifier,
  atMs: time,
  actor: text(),
  action: text(),
  object: text(),
  projectId: nullable(identifier),
  detail: text({ maxLength: 10_000 }),
  address: text(),
});
export const SERVER = object({
  id: identifier,
  name: text(),
  cores: count(),
  startedAtMs: time,
  seenAtMs: time,
  isAlive: flag,
  running: count(),
});
const AGENT = object({
  id: text(),
  name: text(),
  version: text(),
  cores: count(),
  memory: count(),
  group: text(),
  labels: mapOf(text()),
  busy: nullable(text()),
});
export const QUEUE = object({ servers: list(SERVER), queued: count(), active: count(), agents: nullable(list(AGENT)) });
export const HEALTH = object({ ok: flag, version: text() });
export const ANY_DOCUMENT = anyObject;

/** @returns a page of a list: `next` goes into the query as `after` */
export function pageOf<I extends Parameters<typeof list>[0]>(items: I) {
  return object({ items: list(items), next: nullable(text()) });
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export type Role = (typeof ROLES)[number];
export type Scope = (typeof SCOPES)[number];
export type RunState = (typeof RUN_STATES)[number];
export type HookEvent = (typeof HOOK_EVENTS)[number];
export type Person = Data<typeof PERSON>;
export type SignInWays = Data<typeof SIGN_IN_WAYS>;
export type Session = Data<typeof SESSION>;
export type Project = Data<typeof PROJECT>;
export type Token = Data<typeof TOKEN>;
export type Requirements = Data<typeof REQUIREMENTS>;
export type Test = Data<typeof TEST>;
export type TestVersion = Data<typeof TEST_VERSION>;
export type Run = Data<typeof RUN>;
export type NewRun = Data<typeof NEW_RUN>;
export type NewReportedRun = Data<typeof NEW_REPORTED_RUN>;
export type Report = Data<typeof REPORT>;
export type ReportAnswer = Data<typeof REPORT_ANSWER>;
export type RunOrder = Data<typeof RUN_ORDER>;
export type Progress = Data<typeof PROGRESS>;
export type LogLine = Data<typeof LOG_LINE>;
export type Schedule = Data<typeof SCHEDULE>;
export type Webhook = Data<typeof WEBHOOK>;
export type Delivery = Data<typeof DELIVERY>;
export const VARIABLE_NAME = new RegExp(variableName);

/** By their names in the OpenAPI document. */
export const DOCUMENTS = {
  Problem: PROBLEM,
  Person: PERSON,
  Session: SESSION,
  Invitation: INVITATION,
  SignInWays: SIGN_IN_WAYS,
  Project: PROJECT,
  Member: MEMBER,
  Secret: SECRET,
  Token: TOKEN,
  CreatedToken: CREATED_TOKEN,
  Requirements: REQUIREMENTS,
  Test: TEST,
  TestVersion: TEST_VERSION,
  Source: SOURCE,
  Checked: CHECKED,
  Headline: HEADLINE,
  Progress: PROGRESS,
  Run: RUN,
  NewRun: NEW_RUN,
  RunOrder: RUN_ORDER,
  OrderOutcome: ORDER_OUTCOME,
  Summary: SUMMARY,
  Log: LOG,
  RunFiles: RUN_FILES,
  Report: REPORT,
  ReportAnswer: REPORT_ANSWER,
  Trend: TREND,
  Comparison: COMPARISON,
  Schedule: SCHEDULE,
  Webhook: WEBHOOK,
  CreatedWebhook: CREATED_WEBHOOK,
  Delivery: DELIVERY,
  AuditEntry: AUDIT_ENTRY,
  Server: SERVER,
  Agent: AGENT,
  Queue: QUEUE,
} as const;
