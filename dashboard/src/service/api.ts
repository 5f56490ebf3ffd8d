// The server of tests: its REST API as this page asks it, with the cookie of whoever has signed in.
import { signal } from '@preact/signals';
import type * as documents from '../../../src/service/api/documents.ts';
import type { Data } from '../../../src/service/api/schema.ts';

export type {
  Page,
  Project,
  Requirements,
  Role,
  Run,
  Schedule,
  Session,
  SignInWays,
  Test,
  TestVersion,
  Token,
} from '../../../src/service/api/documents.ts';
export type Member = Data<typeof documents.MEMBER>;
export type Secret = Data<typeof documents.SECRET>;
export type Person = Data<typeof documents.PERSON>;
export type Invitation = Data<typeof documents.INVITATION>;
export type CreatedToken = Data<typeof documents.CREATED_TOKEN>;
export type Source = Data<typeof documents.SOURCE>;
export type Checked = Data<typeof documents.CHECKED>;
export type Log = Data<typeof documents.LOG>;
export type RunFiles = Data<typeof documents.RUN_FILES>;
export type Trend = Data<typeof documents.TREND>;
export type Webhook = Data<typeof documents.WEBHOOK>;
export type CreatedWebhook = Data<typeof documents.CREATED_WEBHOOK>;
export type Delivery = Data<typeof documents.DELIVERY>;
export type AuditEntry = Data<typeof documents.AUDIT_ENTRY>;
export type Queue = Data<typeof documents.QUEUE>;

export const API = '/api/v1';
export const SIGN_IN_PAGE = '/sign-in';

/** Who is signed in; null: nobody, or not known yet. */
export const session = signal<import('../../../src/service/api/documents.ts').Session | null>(null);

/** What the server says is wrong (RFC 9457). */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * @param path behind `/api/v1`
 * @param body JSON; a Blob goes as it is
 * @returns what the server answers; undefined where it answers nothing
 * @throws ApiError with what the server says is wrong
 */
export async function ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const isFile = body instanceof Blob;
  const csrf = session.value?.csrfToken ?? null;
  const response = await fetch(API + path, {
    method,
    cache: 'no-store',
    headers: {
      ...(body !== undefined && { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
      ...(csrf !== null && method !== 'GET' && { 'x-csrf-token': csrf }),
    },
    ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, detailOf(text) ?? `${response.status} ${response.statusText}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function detailOf(text: string): string | null {
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? null;
  } catch {
    return null;
  }
}

/** Reads who is signed in. @returns whether anybody is */
export async function readSession(): Promise<boolean> {
  try {
    session.value = await ask('GET', '/session');
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false;
    throw error;
  }
}

/** What went wrong when something was last asked for; null: nothing. */
export const trouble = signal<string | null>(null);

/** For a session that has ended: signing in leads back to this page. */
export function signInAgain(): void {
  location.replace(`${SIGN_IN_PAGE}?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/session');
  location.assign(SIGN_IN_PAGE);
}

/** Reads a list to its end, or to as many rows as anybody looks at. */
export async function readAll<T>(path: string, most = 500): Promise<T[]> {
  const rows: T[] = [];
  let after: string | null = null;
  do {
    const query: string = `${path.includes('?') ? '&' : '?'}limit=100${after === null ? '' : `&after=${after}`}`;
    const page: { readonly items: readonly T[]; readonly next: string | null } = await ask('GET', path + query);
    rows.push(...page.items);
    after = page.next;
  } while (after !== null && rows.length < most);
  return rows;
}
