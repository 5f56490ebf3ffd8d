// Passwords of people: argon2id with what OWASP's password storage cheat sheet asks for.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { WaitingLine } from '../waiting-line.ts';

const MEMORY_KIB = 19 * 1024;
const PASSES = 2;
const OCTETS = 32;
/** Each takes 19 MiB and a tenth of a second of a core: more at once would be a way to stop the server. */
const MOST_AT_ONCE = 2;
/** Whoever comes later waits for longer than anybody would. */
const MOST_WAITING = 100;

const derive = promisify(argon2);

const line = new WaitingLine(MOST_AT_ONCE, MOST_WAITING);

function hash(password: string, salt: Buffer, memory: number, passes: number): Promise<Buffer> {
  return line.run(() =>
    derive('argon2id', {
      message: Buffer.from(password.normalize('NFKC')),
      nonce: salt,
      parallelism: 1,
      tagLength: OCTETS,
      memory,
      passes,
    }),
  );
}

/** @returns what to keep of a password: how it was made, salt and hash @throws LineFull */
export async function sealPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const made = await hash(password, salt, MEMORY_KIB, PASSES);
  return `argon2id$${MEMORY_KIB}$${PASSES}$${salt.toString('base64url')}$${made.toString('base64url')}`;
}

/** @param kept null: there is nobody, which takes as long to say as that it is wrong @throws LineFull */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, memory = MEMORY_KIB, passes = PASSES, salt = '', expected = ''] = kept?.split('$') ?? [];
  const made = await hash(
    password,
    salt === '' ? randomBytes(16) : Buffer.from(salt, 'base64url'),
    Number(memory),
    Number(passes),
  );
  const wanted = Buffer.from(expected, 'base64url');
  return wanted.length === made.length && timingSafeEqual(wanted, made);
}
