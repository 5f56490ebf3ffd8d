// What has to be kept and must not be read from the database: sealed with the key of the server (AES-256-GCM, NIST SP 800-38D).
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { EXIT, ExitError } from '../../exit/exit-error.ts';

const NONCE = 12;
const TAG = 16;
const LEAST_SECRET = 32;

export class Sealer {
  readonly #key: Buffer;

  /** @param secret at least 32 characters */
  constructor(secret: string) {
    this.#key = createHash('sha256').update(`sixfold seal ${secret}`).digest();
  }

  /** @param place where it belongs: sealed for one place it cannot be opened for another */
  seal(text: string, place: string): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error where it was sealed with another key or for another place */
  open(sealed: Uint8Array, place: string): string {
    const nonce = sealed.subarray(0, NONCE);
    const cipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG })
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    try {
      return Buffer.concat([cipher.update(sealed.subarray(NONCE + TAG)), cipher.final()]).toString('utf8');
    } catch {
      throw new Error(
        'a secret was sealed with another key: start the server with the SIXFOLD_SERVER_KEY or the key file that it had',
      );
    }
  }
}

/**
 * @param env SIXFOLD_SERVER_KEY, which several servers on one database share
 * @param folder where the file with the key lies, or is made
 * @throws ExitError 255 for a key that is too short, or a file that cannot be used
 */
export function findSealer(env: Readonly<Record<string, string | undefined>>, folder: string): Sealer {
  const given = env['SIXFOLD_SERVER_KEY'] ?? '';
  if (given !== '') {
    if (given.length < LEAST_SECRET)
      throw new ExitError(EXIT.other, `SIXFOLD_SERVER_KEY must have at least ${LEAST_SECRET} characters`);
    return new Sealer(given);
  }
  const file = path.join(folder, 'server.key');
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, randomBytes(32).toString('base64url'));
    closeSync(handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new ExitError(EXIT.other, `the key cannot be written to ${file}: ${(error as Error).message}`);
  }
  const text = readFileSync(file, 'utf8').trim();
  if (text.length < LEAST_SECRET) throw new ExitError(EXIT.other, `${file} holds no key of the server`);
  return new Sealer(text);
}
