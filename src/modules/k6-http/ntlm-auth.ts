// NTLM of version 2 over HTTP (https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp, and ms-ntht for the headers): three
// messages, the last of which answers a challenge. It is the connection that is logged in.
import { createHmac, randomBytes } from 'node:crypto';
import { Md4 } from '../k6-crypto/md4.ts';

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
/** MS-NLMP 2.2.2.5. */
const FLAGS = {
  unicode: 0x1,
  requestTarget: 0x4,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSessionSecurity: 0x80000,
  targetInfo: 0x800000,
  key128: 0x20000000,
  key56: 0x80000000,
} as const;
const OURS = Object.values(FLAGS).reduce((sum, flag) => (sum | flag) >>> 0, 0);

const CHALLENGE_LENGTH = 48;
const AUTHENTICATE_LENGTH = 64;
/** From 1601, in units of 100 ns. */
const EPOCH = 116_444_736_000_000_000n;
/** MsvAvTimestamp, MS-NLMP 2.2.2.1. */
const TIMESTAMP = 7;
/** Of the answer to a challenge, beside the target's information ([MS-NLMP] 2.2.2.8). */
const ANSWER_AROUND = 48;

/** The name of the scheme that a server offers, as it is to be given back; null: neither. */
export function findScheme(challenges: readonly string[]): 'NTLM' | 'Negotiate' | null {
  for (const scheme of ['NTLM', 'Negotiate'] as const) if (offers(challenges, scheme).length > 0) return scheme;
  return null;
}

/** What follows the scheme, of each header or part of one that has it. */
function offers(challenges: readonly string[], scheme: string): string[] {
  return challenges
    .flatMap((text) => text.split(','))
    .map((text) => /^(\S+)(?:\s+(\S*))?$/.exec(text.trim()))
    .flatMap((match) => (match?.[1]?.toLowerCase() === scheme.toLowerCase() ? [match[2] ?? ''] : []));
}

/** The first message: that there is a client, and what it can do. */
export function negotiate(scheme: string): string {
  const message = Buffer.alloc(32);
  SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(OURS, 12);
  return `${scheme} ${message.toString('base64')}`;
}

interface Challenge {
  readonly flags: number;
  readonly server: Buffer;
  readonly targetInfo: Buffer;
}

/** Reads the server's message; null for what is none. */
function readChallenge(challenges: readonly string[], scheme: string): Challenge | null {
  const text = offers(challenges, scheme).find((found) => found !== '');
  if (text === undefined) return null;
  const message = Buffer.from(text, 'base64');
  if (message.length < 32 || !message.subarray(0, 8).equals(SIGNATURE) || message.readUInt32LE(8) !== 2) return null;
  const flags = message.readUInt32LE(20);
  const hasInfo = message.length >= CHALLENGE_LENGTH && (flags & FLAGS.targetInfo) !== 0;
  const [length, start] = hasInfo ? [message.readUInt16LE(40), message.readUInt32LE(44)] : [0, 0];
  // It goes back to the server in a field of 16 bits, with 48 octets around it.
  if (start + length > message.length || length > 0xffff - ANSWER_AROUND) return null;
  return { flags, server: message.subarray(24, 32), targetInfo: message.subarray(start, start + length) };
}

/** The value of a pair of the target's information. */
function findPair(info: Buffer, wanted: number): Buffer | null {
  for (let at = 0; at + 4 <= info.length; ) {
    const [id, length] = [info.readUInt16LE(at), info.readUInt16LE(at + 2)];
    if (id === 0 || at + 4 + length > info.length) return null;
    if (id === wanted) return info.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return null;
}

const hmac = (key: Buffer, ...parts: readonly Buffer[]): Buffer => {
  const made = createHmac('md5', key);
  for (const part of parts) made.update(part);
  return made.digest();
};

export interface NtlmAnswer {
  readonly lm: Buffer;
  readonly nt: Buffer;
}

/**
 * The answers to a challenge (MS-NLMP 3.3.2).
 * @param client eight octets that nobody can foresee
 * @param now epoch milliseconds, where the server does not name the time itself
 */
export function answerNtlm(
  { server, targetInfo }: Pick<Challenge, 'server' | 'targetInfo'>,
  who: { user: string; domain: string; password: string },
  client: Buffer,
  now: number,
): NtlmAnswer {
  const secret = new Md4().update(Buffer.from(who.password, 'utf16le')).digest();
  const key = hmac(secret, Buffer.from(who.user.toUpperCase() + who.domain, 'utf16le'));
  const stamp = findPair(targetInfo, TIMESTAMP);
  const time = Buffer.alloc(8);
  if (stamp !== null && stamp.length === 8) stamp.copy(time);
  else time.writeBigUInt64LE(EPOCH + BigInt(Math.trunc(now)) * 10_000n);
  const [head, none] = [Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]), Buffer.alloc(4)];
  const rest = Buffer.concat([head, time, client, none, targetInfo, none]);
  return {
    // A server that names the time gets no answer of the older kind.
    lm: stamp === null ? Buffer.concat([hmac(key, server, client), client]) : Buffer.alloc(24),
    nt: Buffer.concat([hmac(key, server, rest), rest]),
  };
}

/**
 * The Authorization header that answers the server's challenge.
 * @param challenges the values of WWW-Authenticate
 * @param credentials `DOMAIN\user` names a domain
 * @returns null where there is no challenge
 */
export function authenticate(
  challenges: readonly string[],
  scheme: string,
  credentials: { user: string; password: string },
  now: number,
): string | null {
  const challenge = readChallenge(challenges, scheme);
  if (challenge === null) return null;
  const at = credentials.user.indexOf('\\');
  const [domain, user] =
    at < 0 ? ['', credentials.user] : [credentials.user.slice(0, at), credentials.user.slice(at + 1)];
  const { lm, nt } = answerNtlm(challenge, { user, domain, password: credentials.password }, randomBytes(8), now);
  const encoding = (challenge.flags & FLAGS.unicode) === 0 ? 'latin1' : 'utf16le';
  const fields = [lm, nt, ...[domain, user, ''].map((text) => Buffer.from(text, encoding)), Buffer.alloc(0)];
  const head = Buffer.alloc(AUTHENTICATE_LENGTH);
  SIGNATURE.copy(head);
  head.writeUInt32LE(3, 8);
  let offset = AUTHENTICATE_LENGTH;
  for (const [i, field] of fields.entries()) {
    const place = 12 + 8 * i;
    head.writeUInt16LE(field.length, place);
    head.writeUInt16LE(field.length, place + 2);
    head.writeUInt32LE(offset, place + 4);
    offset += field.length;
  }
  head.writeUInt32LE((challenge.flags & OURS) >>> 0, 60);
  return `${scheme} ${Buffer.concat([head, ...fields]).toString('base64')}`;
}
