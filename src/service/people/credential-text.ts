// What sessions, programs and links show to be let in: 256 random bits, of which only a digest is kept. There is nothing to guess, so a
// slow hash would add nothing.
import { createHash, randomBytes } from 'node:crypto';

/** Enough of a token for people to know it again. */
const PREFIX_LENGTH = 10;

export interface NewCredential {
  /** Shown once. */
  readonly text: string;
  readonly prefix: string;
  readonly digest: string;
}

export function newCredential(): NewCredential {
  const text = `sxf_${randomBytes(32).toString('base64url')}`;
  return { text, prefix: text.slice(0, PREFIX_LENGTH), digest: digestOf(text) };
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What a page has to send with each change besides the cookie, which a browser sends by itself (OWASP, CSRF prevention). */
export function csrfTokenOf(session: string): string {
  return createHash('sha256').update(`csrf ${session}`).digest('base64url');
}
