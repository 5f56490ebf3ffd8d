import { createHash, randomBytes } from 'node:crypto';

interface Challenge {
  realm: string;
  nonce: string;
  opaque: string | null;
  algorithm: string;
  hash: 'md5' | 'sha256' | 'sha512-256';
  session: boolean;
  qop: 'auth' | 'auth-int' | null;
}

const HASHES: Record<string, Challenge['hash']> = { md5: 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' };

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
  const hash = (text: string | Uint8Array): string => createHash(challenge.hash).update(text).digest('hex');
  const cnonce = randomBytes(16).toString('hex');
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
    `nonce="${nonce}"`,
    `uri="${request.path}"`,
    `response="${response}"`,
  ];
  if (challenge.algorithm !== '') fields.push(`algorithm=${challenge.algorithm}`);
  if (challenge.opaque !== null) fields.push(`opaque="${challenge.opaque}"`);
  if (qop !== null) fields.push(`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`);
  return `Digest ${fields.join(', ')}`;
}

function parseChallenge(text: string): Challenge | null {
  const match = /(?:^|,)\s*Digest\s+(.*)$/is.exec(text);
  if (match === null) return null;
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, bare] of (match[1] ?? '').matchAll(
    /([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi,
  )) {
    fields.set(name.toLowerCase(), quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1'));
  }
  const algorithm = fields.get('algorithm') ?? '';
  const session = /-sess$/i.test(algorithm);
  const hash = HASHES[(algorithm === '' ? 'md5' : algorithm).toLowerCase().replace(/-sess$/, '')];
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

function escapeQuotes(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
