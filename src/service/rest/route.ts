// A route of the API: what it takes, who may call it, what it answers. Checks, documents and tests are made from it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../api/documents.ts';
import type { Data, Schema } from '../api/schema.ts';
import type { Caller } from '../people/caller.ts';

/** Who may call it. `of` says what the first part of the path names: its project decides. */
export type Access =
  | { readonly kind: 'anybody' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'server-admin' }
  | {
      readonly kind: 'project';
      readonly role: Role;
      readonly of: 'project' | 'test' | 'run' | 'schedule' | 'webhook';
    };

export interface Call<B> {
  /** The parts of the path by their names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: B;
  readonly caller: Caller;
  /** That the path leads to; '' where it leads to none. */
  readonly projectId: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The handler has taken over the connection. */
export const TAKEN_OVER = Symbol('taken over');

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, as OpenAPI has it: `/projects/{project}`. */
  readonly path: string;
  /** The name of the operation. */
  readonly id: string;
  readonly summary: string;
  readonly access: Access;
  /** Of the query, each a text, with what it is for. */
  readonly query: Readonly<Record<string, string>>;
  /** What the body has to be; `octets`: anything, as it is. */
  readonly body: Schema | 'octets' | null;
  /** What a good answer is; a text is the type of its content. */
  readonly answer: Schema | string | null;
  readonly status: number;
  /** Its JSON may be as large as an upload. */
  readonly isLarge: boolean;
  /** Its JSON may hold the character U+0000: it takes that out itself. */
  readonly takesNull: boolean;
  readonly handle: (call: Call<never>) => unknown;
}

interface RouteParts<B extends Schema | 'octets' | null> {
  readonly id: string;
  readonly summary: string;
  readonly access: Access;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: B;
  readonly answer?: Schema | string;
  readonly status?: number;
  readonly isLarge?: boolean;
  readonly takesNull?: boolean;
  readonly handle: (call: Call<BodyOf<B>>) => unknown;
}

type BodyOf<B> = B extends 'octets' ? Buffer : B extends null ? null : Data<B>;

/** @param place method and path, as in `GET /projects/{project}` */
export function route<B extends Schema | 'octets' | null = null>(place: string, parts: RouteParts<B>): Route {
  const [method, path] = place.split(' ') as [Route['method'], string];
  const { query = {}, body = null, answer = null, status, isLarge = false, takesNull = false, handle, ...rest } = parts;
  return {
    ...rest,
    method,
    path,
    query,
    body,
    answer,
    isLarge,
    takesNull,
    status: status ?? (answer === null ? 204 : 200),
    handle: handle as Route['handle'],
  };
}

export const anybody: Access = { kind: 'anybody' };
export const signedIn: Access = { kind: 'signed-in' };
export const serverAdmin: Access = { kind: 'server-admin' };

/** @param of what the first part of the path names */
export function member(role: Role, of: Extract<Access, { kind: 'project' }>['of']): Access {
  return { kind: 'project', role, of };
}

export const PAGE_QUERY = { limit: 'how many, from 1 to 100; 20 unless given', after: '`next` of the page before' };
