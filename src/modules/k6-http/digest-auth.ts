import { nodeCrypto } from '../../node/late-builtins.ts';

interface Challenge {
  realm: string;
  nonce: string;
  opaque: string | null;
  algorithm: string;
  hash: 'md5' | 'sha256' | 'sha512-256';
  session: boolean;
  qop: 'auth' | 'auth-int' | null;
}

const HASHES: ReadonlyMap<string, Challenge['hash']> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
] as const);

/**
 * The Authorization header that answers a Digest challenge (RFC 7616), or null when there is none that can be answered.
 * @param challenges the values of WWW-Authenticate
 */
export function answerChallenge(
  challenges: readonly string[],
  request: { method: string; path: string; body: Uint8Array | string | null },
  credentials: { user: string; password: string },
): string | null {
  const challenge = challenges.map(parseChallenge).find((found) => found !== null);
  if (challenge === undefined || challenge === null) return null;
  const hash = (text: string | Uint8Array): string =>
    nodeCrypto().createHash(challenge.hash).update(text).digest('hex');
  const cnonce = nodeCrypto().randomBytes(16).toString('hex');
  const nc = '00000001';
  const { realm, nonce, qop } = challenge;
  let ha1 = hash(`${credentials.user}:${realm}:${credentials.password}`);
  if (challenge.session) ha1 = hash(`${ha1}:${nonce}:${cnonce}`);
  const ha2 = hash(
    qop === 'auth-int'
      ? `${request.method}:${request.path}:${hash(request.body ?? '')}`
      : `${request.method}:${request.path}`,
  );
  const response =
    qop === null ? hash(`${ha1}:${nonce}:${ha2}`) : hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
  const fields = [
    `username="${escapeQuotes(credentials.user)}"`,
    `realm="${escapeQuotes(realm)}"`,
    `nonce="${escapeQuotes(nonce)}"`,
    `uri="${request.path}"`,
    `response="${response}"`,
  ];
  if (challenge.algorithm !== '') fields.push(`algorithm=${challenge.algorithm}`);
  if (challenge.opaque !== null) fields.push(`opaque="${escapeQuotes(challenge.opaque)}"`);
  if (qop !== null) fields.push(`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}

function parseChallenge(text: string): Challenge | null {
  const fields = findDigestFields(text);
  if (fields === null) return null;
  const algorithm = fields.get('algorithm') ?? '';
  const session = /-sess$/i.test(algorithm);
  const hash = HASHES.get((algorithm === '' ? 'md5' : algorithm).toLowerCase().replace(/-sess$/, ''));
  const nonce = fields.get('nonce');
  if (hash === undefined || nonce === undefined) return null;
  const offered = (fields.get('qop') ?? '').split(',').map((part) => part.trim().toLowerCase());
  return {
    realm: fields.get('realm') ?? '',
    nonce,
    opaque: fields.get('opaque') ?? null,
    algorithm,
    hash,
    session,
    qop: offered.includes('auth') ? 'auth' : offered.includes('auth-int') ? 'auth-int' : null,
  };
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const BLANKS = /[ \t,]*/y;
const EQUALS = /[ \t]*=[ \t]*/y;
const BARE = /[^\s,"]+/y;

/**
 * The parameters of the Digest challenge in a WWW-Authenticate value, which may hold several challenges (RFC 9110 section 11.6.1).
 * Goes through the text once: a server may send much of it.
 */
function findDigestFields(text: string): Map<string, string> | null {
  let fields: Map<string, string> | null = null;
  let at = 0;
  while (at < text.length) {
    at = matchEnd(BLANKS, text, at);
    const end = matchEnd(TOKEN, text, at);
    if (end === at) break;
    const word = text.slice(at, end);
    at = end;
    const start = matchEnd(EQUALS, text, at);
    if (start === at) {
      // No parameter, so the scheme of the next challenge.
      if (fields !== null) return fields;
      if (word.toLowerCase() === 'digest') fields = new Map();
      continue;
    }
    const quoted = text[start] === '"';
    at = quoted ? closingQuote(text, start) + 1 : matchEnd(BARE, text, start);
    const value = quoted ? text.slice(start + 1, at - 1).replace(/\\(.)/gs, '$1') : text.slice(start, at);
    fields?.set(word.toLowerCase(), value);
  }
  return fields;
}

/** @returns the position of the quote that ends the text which begins at `open`; the end of all where none does */
function closingQuote(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

/** @returns the position behind what the sticky pattern finds at `at`; `at` itself where it finds nothing */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function escapeQuotes(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
