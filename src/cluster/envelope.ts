// All that a run says over NATS is encrypted for the run (AES-256-GCM), since it lies on a disk there and others may listen.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const KEY_OCTETS = 32;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

/** The key of a run; whoever has it can read and say everything. */
export class Envelope {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  static create(): Envelope {
    return new Envelope(randomBytes(KEY_OCTETS));
  }

  /** @param text as {@link key} has it @throws Error where it is no key */
  static of(text: string): Envelope {
    const key = Buffer.from(text, 'base64');
    if (key.length !== KEY_OCTETS)
      throw new Error(`the key of a run has ${KEY_OCTETS} octets, and this one ${key.length}`);
    return new Envelope(key);
  }

  /** In base64. */
  get key(): string {
    return this.#key.toString('base64');
  }

  seal(octets: Uint8Array): Uint8Array {
    const nonce = randomBytes(NONCE_OCTETS);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    return Buffer.concat([nonce, cipher.update(octets), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error for what was sealed with another key, or changed on its way */
  open(sealed: Uint8Array): Uint8Array {
    const nonce = sealed.subarray(0, NONCE_OCTETS);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_OCTETS));
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_OCTETS, sealed.length - TAG_OCTETS)),
      decipher.final(),
    ]);
  }

  /** @param message plain data */
  sealJson(message: unknown): Uint8Array {
    return this.seal(Buffer.from(JSON.stringify(message)));
  }

  openJson<T>(sealed: Uint8Array): T {
    return JSON.parse(Buffer.from(this.open(sealed)).toString('utf8')) as T;
  }
}
