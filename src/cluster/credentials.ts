// What a program shows NATS to be let in: a file of `sixfold cluster creds`, or the credentials of an operator's tools (nsc).
import { readFileSync } from 'node:fs';
import { type Authenticator, credsAuthenticator, nkeyAuthenticator } from '@nats-io/transport-node';
import { EXIT, ExitError } from '../exit/exit-error.ts';

/** What somebody at NATS is there for, which decides what it may do. */
export type Role =
  /** Leads runs. */
  | { readonly kind: 'lead' }
  /** One agent, which is called so and can speak for no other one. */
  | { readonly kind: 'agent'; readonly id: string }
  /** Any agent of many that share a file. */
  | { readonly kind: 'agents' };

export interface Credentials {
  readonly authenticator: Authenticator;
  /** Null: the file does not say. */
  readonly role: Role | null;
}

const SEED = /^SU[A-Z2-7]{56}$/m;
const ROLE = /^# sixfold: (lead|agents|agent ([\w-]+))$/m;

/** A role as it stands in the files of `sixfold cluster creds`. */
export function roleLine(role: Role): string {
  return `# sixfold: ${role.kind === 'agent' ? `agent ${role.id}` : role.kind}`;
}

/**
 * Where NATS sends the answers to what somebody asks: an agent hears those of nobody else.
 * @returns null: where everybody has them sent
 */
export function inboxOf(role: Role | null): string | null {
  if (role === null) return null;
  return role.kind === 'agent' ? `_INBOX_agent_${role.id}` : `_INBOX_${role.kind}`;
}

/** @throws ExitError 255 for a file that cannot be read or holds no credentials */
export function readCredentials(file: string): Credentials {
  const octets = readFile(file);
  const text = octets.toString('utf8');
  if (text.includes('BEGIN NATS USER JWT')) return { authenticator: credsAuthenticator(octets), role: null };
  const seed = SEED.exec(text)?.[0];
  if (seed === undefined)
    throw new ExitError(
      EXIT.other,
      `${file} holds no credentials for NATS: it is neither a file of "sixfold cluster creds" (a seed that begins with SU) nor a .creds file of nsc`,
    );
  return { authenticator: nkeyAuthenticator(Buffer.from(seed)), role: readRole(text) };
}

function readRole(text: string): Role | null {
  const [, kind, id] = ROLE.exec(text) ?? [];
  if (kind === undefined) return null;
  return id === undefined ? { kind: kind as 'lead' | 'agents' } : { kind: 'agent', id };
}

function readFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ExitError(EXIT.other, `the credentials for NATS cannot be read: ${(error as Error).message}`);
  }
}
