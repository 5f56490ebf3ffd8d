// Takes the values of secrets out of whatever leaves the process.
import { formsOf } from './secret-forms.ts';

/** What stands in a secret's place: k6's own text. */
export const REDACTED = '***SECRET_REDACTED***';
/** The same where a name may hold nothing but letters, digits and `_`. */
const REDACTED_NAME = 'SECRET_REDACTED';

/**
 * Knows the secrets that a script was given, and finds them in texts, in any form that {@link formsOf} lists. Costs some ten
 * nanoseconds a character, however many secrets there are; nothing as long as there are none.
 */
export class Redactor {
  readonly #known = new Set<string>();
  /** Forms by their first two characters, the longest first. */
  readonly #byStart = new Map<number, string[]>();
  /** Those of one character: any other may follow them. */
  readonly #singles = new Set<number>();

  /** Whether there is nothing to look for. */
  get isIdle(): boolean {
    return this.#known.size === 0;
  }

  /** Adds a secret; an empty one is none. */
  add(value: string): void {
    if (value === '' || this.#known.has(value)) return;
    this.#known.add(value);
    for (const form of formsOf(value)) {
      if (form.length === 1) {
        this.#singles.add(form.charCodeAt(0));
        continue;
      }
      const start = startOf(form, 0);
      const others = this.#byStart.get(start);
      if (others === undefined) this.#byStart.set(start, [form]);
      else if (!others.includes(form)) {
        others.push(form);
        others.sort((a, b) => b.length - a.length);
      }
    }
  }

  /** @returns the text with {@link REDACTED} in the place of each secret */
  redact(text: string, replacement = REDACTED): string {
    if (this.isIdle) return text;
    let result = '';
    let copied = 0;
    for (let at = 0; at < text.length; ) {
      const found = this.#find(text, at);
      if (found === 0) {
        at++;
        continue;
      }
      result += text.slice(copied, at) + replacement;
      at += found;
      copied = at;
    }
    return copied === 0 ? text : result + text.slice(copied);
  }

  /** As {@link redact}, for what has to stay a name. */
  redactName(name: string): string {
    return this.redact(name, REDACTED_NAME);
  }

  /** What a threshold is on: `metric` or `metric{tag:value}`. */
  redactThresholdKey(key: string): string {
    const [, name, tags] = /^([^{]*)(.*)$/s.exec(key)!;
    return this.redactName(name) + this.redact(tags);
  }

  /** Octets as {@link redact} has text; those that hold no secret come back as they are. */
  redactBytes(bytes: Uint8Array): Uint8Array {
    if (this.isIdle) return bytes;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const redacted = this.redact(text);
    return redacted === text ? bytes : new Uint8Array(Buffer.from(redacted, 'latin1'));
  }

  /** JSON text, whose texts and keys {@link redact} goes through: in it a number stays a number. */
  redactJson(text: string): string {
    return this.isIdle ? text : JSON.stringify(this.redactData(JSON.parse(text)));
  }

  /** As {@link redact}, for a text that was cut off: its end may be the beginning of a secret. */
  redactCut(text: string): string {
    const redacted = this.redact(text);
    let cut = 0;
    for (const forms of this.#byStart.values()) {
      for (const form of forms) {
        for (let length = Math.min(form.length - 1, redacted.length); length > Math.max(cut, 2); length--)
          if (redacted.endsWith(form.slice(0, length))) cut = length;
      }
    }
    return cut === 0 ? redacted : redacted.slice(0, -cut) + REDACTED;
  }

  /**
   * A copy of plain data in which no text, and no key, holds a secret; the data itself where there are no secrets.
   * @param redact what to do with each text, where it is not {@link redact}
   */
  redactData<T>(data: T, redact = (text: string) => this.redact(text)): T {
    return this.isIdle ? data : (this.#copy(data, redact) as T);
  }

  #copy(value: unknown, redact: (text: string) => string): unknown {
    if (typeof value === 'string') return redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, redact));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.redact(key), this.#copy(item, redact)]));
  }

  /** How many characters of a secret stand at a place; 0 where there is none. */
  #find(text: string, at: number): number {
    const forms = this.#byStart.get(startOf(text, at));
    if (forms !== undefined) for (const form of forms) if (text.startsWith(form, at)) return form.length;
    return this.#singles.has(text.charCodeAt(at)) ? 1 : 0;
  }
}

function startOf(text: string, at: number): number {
  const second = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
  return text.charCodeAt(at) * 65_536 + second;
}
