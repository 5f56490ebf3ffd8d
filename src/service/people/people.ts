// People, and what lets them in.
import type { Selectable } from 'kysely';
import type { Person, Project, Role, Session, Token } from '../api/documents.ts';
import type { Reader } from '../storage/database.ts';
import { newId } from '../storage/new-id.ts';
import type { CredentialTable, ProjectTable, UserTable } from '../storage/tables.ts';
import { type Caller, roleIn } from './caller.ts';
import { csrfTokenOf, digestOf, newCredential } from './credential-text.ts';

const HOUR_MS = 3_600_000;
/** A browser that comes back within this time need not sign in again, in ms. */
export const SESSION_MS = 30 * 24 * HOUR_MS;
/** How long a link to choose a password is good, in ms. */
export const LINK_MS = 3 * 24 * HOUR_MS;

export type PersonRow = Selectable<UserTable>;

export function personDocument(row: PersonRow): Person {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    isAdmin: row.is_admin === 1,
    isDisabled: row.is_disabled === 1,
    hasPassword: row.password !== null,
    hasIdentity: row.subject !== null,
    createdAtMs: row.created_ms,
  };
}

export function tokenDocument(row: Selectable<CredentialTable>): Token {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: JSON.parse(row.scopes) as Token['scopes'],
    projectId: row.project_id,
    createdAtMs: row.created_ms,
    expiresAtMs: row.expires_ms,
    usedAtMs: row.used_ms,
  };
}

export function projectDocument(row: Selectable<ProjectTable>, role: Role): Project {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    maxVus: row.max_vus,
    maxDurationMs: row.max_duration_ms,
    parallelRuns: row.parallel_runs,
    retentionDays: row.retention_days,
    allowedTargets: allowedTargetsOf(row),
    createdAtMs: row.created_ms,
    role,
  };
}

/** @returns rules as target-rules.ts takes them; null: the project's runs may connect everywhere */
export function allowedTargetsOf(row: Pick<Selectable<ProjectTable>, 'allowed_targets'>): string[] | null {
  return row.allowed_targets === null ? null : (JSON.parse(row.allowed_targets) as string[]);
}

/** @returns what the caller may see */
export async function listProjects(reader: Reader, caller: Caller): Promise<Project[]> {
  const rows = await reader.selectFrom('project').selectAll().orderBy('name').execute();
  const projects: Project[] = [];
  for (const row of rows) {
    const role = await roleIn(reader, caller, row.id);
    if (role !== null) projects.push(projectDocument(row, role));
  }
  return projects;
}

/** @param secret of the session; null: a token has no session */
export async function sessionDocument(reader: Reader, caller: Caller, secret: string | null): Promise<Session> {
  const person = await reader
    .selectFrom('person')
    .selectAll()
    .where('id', '=', caller.userId ?? '')
    .executeTakeFirstOrThrow();
  return {
    person: personDocument(person),
    csrfToken: secret === null ? null : csrfTokenOf(secret),
    scopes: caller.scopes,
    projects: await listProjects(reader, caller),
  };
}

export async function addPerson(
  reader: Reader,
  given: Pick<UserTable, 'email' | 'name' | 'password'> & {
    readonly isAdmin: boolean;
    /** Who they are at a provider. */
    readonly identity?: Pick<UserTable, 'issuer' | 'subject'>;
  },
): Promise<PersonRow> {
  const { email, name, isAdmin, password, identity = { issuer: null, subject: null } } = given;
  return reader
    .insertInto('person')
    .values({
      id: newId(),
      email: email.toLowerCase(),
      name,
      password,
      is_admin: Number(isAdmin),
      is_disabled: 0,
      created_ms: Date.now(),
      ...identity,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @returns what is to be shown once, and its row */
export async function addCredential(
  reader: Reader,
  given: Pick<CredentialTable, 'kind' | 'user_id'> & {
    readonly name?: string;
    readonly projectId?: string | null;
    readonly scopes?: readonly string[];
    readonly lifeMs: number | null;
  },
): Promise<{ text: string; row: Selectable<CredentialTable> }> {
  const { text, prefix, digest } = newCredential();
  const now = Date.now();
  const row = await reader
    .insertInto('credential')
    .values({
      id: newId(),
      kind: given.kind,
      user_id: given.user_id,
      project_id: given.projectId ?? null,
      name: given.name ?? '',
      prefix,
      digest,
      scopes: JSON.stringify(given.scopes ?? []),
      created_ms: now,
      expires_ms: given.lifeMs === null ? null : now + given.lifeMs,
      used_ms: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { text, row };
}

/** @returns whether {@link spendCredential} would take it now */
export async function isSpendable(reader: Reader, text: string, kind: 'link' | 'setup'): Promise<boolean> {
  const row = await reader
    .selectFrom('credential')
    .select('expires_ms')
    .where('digest', '=', digestOf(text))
    .where('kind', '=', kind)
    .executeTakeFirst();
  return row !== undefined && (row.expires_ms === null || row.expires_ms >= Date.now());
}

/** Takes what is good once. @returns whose it was; null: it is none, was used or has expired */
export async function spendCredential(
  reader: Reader,
  text: string,
  kind: 'link' | 'setup',
): Promise<{ readonly userId: string | null } | null> {
  const row = await reader
    .deleteFrom('credential')
    .where('digest', '=', digestOf(text))
    .where('kind', '=', kind)
    .returning(['user_id', 'expires_ms'])
    .executeTakeFirst();
  if (row === undefined || (row.expires_ms !== null && row.expires_ms < Date.now())) return null;
  return { userId: row.user_id };
}

/** Ends all that lets somebody in. @param kinds which */
export async function revokeAll(
  reader: Reader,
  userId: string,
  kinds: readonly CredentialTable['kind'][],
): Promise<void> {
  await reader.deleteFrom('credential').where('user_id', '=', userId).where('kind', 'in', kinds).execute();
}
