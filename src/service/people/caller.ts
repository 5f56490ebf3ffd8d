// Who calls, and what they may.
import type { Role, Scope } from '../api/documents.ts';
import type { Reader } from '../storage/database.ts';
import { digestOf } from './credential-text.ts';

export interface Caller {
  readonly kind: 'person' | 'token' | 'nobody';
  readonly userId: string | null;
  /** As people know them. */
  readonly name: string;
  /** Whether everything of the server is theirs to change. */
  readonly isServerAdmin: boolean;
  /** Whether they are administrators, whatever their token may. */
  readonly ownsAll: boolean;
  readonly credentialId: string | null;
  /** null: everything that the person may. */
  readonly scopes: readonly Scope[] | null;
  /** The only project that the token is for. */
  readonly projectId: string | null;
}

export const NOBODY: Caller = {
  kind: 'nobody',
  userId: null,
  name: 'nobody',
  isServerAdmin: false,
  ownsAll: false,
  credentialId: null,
  scopes: [],
  projectId: null,
};

const LEVEL_OF_ROLE: Readonly<Record<Role, number>> = { viewer: 1, runner: 2, admin: 3 };
const LEVEL_OF_SCOPE: Readonly<Record<Scope, number>> = { read: 1, run: 2, admin: 3, server: 3 };
const ROLE_OF_LEVEL: readonly (Role | null)[] = [null, 'viewer', 'runner', 'admin'];

/** How often it is noted that a credential was used, in ms. */
const USE_NOTED_MS = 60_000;

/** @param text of a cookie or a header @returns null: it is none, or not valid any more */
export async function findCaller(database: Reader, text: string, kind: 'session' | 'token'): Promise<Caller | null> {
  const caller = await readCaller(database, 'digest', digestOf(text));
  return caller?.kind === (kind === 'session' ? 'person' : 'token') ? caller : null;
}

/** Whether a caller who was let in some time ago would be let in now. */
export async function isStillLetIn(database: Reader, caller: Caller, projectId: string, role: Role): Promise<boolean> {
  const now = caller.credentialId === null ? null : await readCaller(database, 'id', caller.credentialId);
  const has = now === null ? null : await roleIn(database, now, projectId);
  return has !== null && isAtLeast(has, role);
}

async function readCaller(database: Reader, column: 'digest' | 'id', value: string): Promise<Caller | null> {
  const now = Date.now();
  const row = await database
    .selectFrom('credential')
    .innerJoin('person', 'person.id', 'credential.user_id')
    .select([
      'credential.id',
      'credential.kind',
      'credential.scopes',
      'credential.project_id',
      'credential.expires_ms',
      'credential.used_ms',
      'credential.name as credential_name',
      'person.id as user_id',
      'person.email',
      'person.is_admin',
      'person.is_disabled',
    ])
    .where(`credential.${column}`, '=', value)
    .executeTakeFirst();
  if (row === undefined || row.is_disabled === 1) return null;
  const { kind } = row;
  if (kind !== 'session' && kind !== 'token') return null;
  if (row.expires_ms !== null && row.expires_ms < now) return null;
  if ((row.used_ms ?? 0) < now - USE_NOTED_MS)
    await database.updateTable('credential').set({ used_ms: now }).where('id', '=', row.id).execute();
  const scopes = kind === 'session' ? null : (JSON.parse(row.scopes) as Scope[]);
  return {
    kind: kind === 'session' ? 'person' : 'token',
    userId: row.user_id,
    name: kind === 'session' ? row.email : `${row.email} (token ${row.credential_name})`,
    // What is for one project rules no server, whatever its scopes say.
    isServerAdmin: row.is_admin === 1 && row.project_id === null && (scopes === null || scopes.includes('server')),
    ownsAll: row.is_admin === 1,
    credentialId: row.id,
    scopes,
    projectId: row.project_id,
  };
}

/** @returns what the caller may do in a project; null: it is not to know that there is one */
export async function roleIn(database: Reader, caller: Caller, projectId: string): Promise<Role | null> {
  if (caller.userId === null || (caller.projectId !== null && caller.projectId !== projectId)) return null;
  const scope = caller.scopes === null ? 3 : Math.max(0, ...caller.scopes.map((one) => LEVEL_OF_SCOPE[one]));
  if (caller.ownsAll) return ROLE_OF_LEVEL[scope] ?? null;
  const row = await database
    .selectFrom('member')
    .select('role')
    .where('project_id', '=', projectId)
    .where('user_id', '=', caller.userId)
    .executeTakeFirst();
  return row === undefined ? null : (ROLE_OF_LEVEL[Math.min(scope, LEVEL_OF_ROLE[row.role])] ?? null);
}

export function isAtLeast(role: Role, wanted: Role): boolean {
  return LEVEL_OF_ROLE[role] >= LEVEL_OF_ROLE[wanted];
}
