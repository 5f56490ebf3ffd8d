// Takes credentials out of an exchange that is kept: what is named like one, wherever it stands, and the same value wherever it stands again.
// What k6/secrets knows is taken out where all that workers say crosses over (redact-message.ts).

import { decodePercent } from '../addresses/percent-text.ts';
import type { HeadFields } from '../metrics/failure-sample.ts';

/** What stands in the place of a credential. */
const MASKED = '***';
const SENSITIVE =
  /auth(?!or(?!i[sz]))|cookie|token|secret|passw|pwd|pass[-_ ]?phrase|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|credential|signature|session|\bsid\b|\botp\b|\bpin\b|jwt|csrf|xsrf/i;
/** Shorter values are no credentials: taking out each `1` would leave nothing to read. */
const SHORTEST_VALUE = 5;
/** Names longer than that are text. */
const NAME = '[^"\\\\]{1,80}';

const JSON_MEMBER = new RegExp(`"(${NAME})"(\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"?|\\[[^\\][{}]*\\]?|[^\\s,"{}[\\]]+)`, 'g');
/** Members of a flat list. */
const LISTED = /"(?:[^"\\]|\\.)*"|[^\s,"[\]]+/g;
const FORM_FIELD = /(^|[&?;\s])([\w.%[\]-]{1,80})=([^&;#\s"'<>]+)/g;
const PART = /(name="([^"\r\n]{1,80})"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n)([^\r\n]*)/g;
const ELEMENT = /(<([\w:.-]{1,80})(?:\s[^<>]*)?>)([^<]+)/g;
const USER_INFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#@\s"'<>]*@/gi;

export class CredentialMask {
  readonly #values = new Set<string>();

  /** Headers or metadata: of a cookie the names stay, of Authorization its scheme. */
  headers(fields: HeadFields): HeadFields {
    return fields.map(([name, value]) => [name, SENSITIVE.test(name) ? this.#maskHeader(name, value) : value]);
  }

  /** A URL, a body, a message: what is named like a credential, in any of the usual notations. */
  text(text: string): string {
    return text
      .replace(USER_INFO, (_, scheme: string) => `${scheme}${MASKED}@`)
      .replace(JSON_MEMBER, (whole, name: string, colon: string, value: string) => {
        if (!SENSITIVE.test(name) || /^(?:null|true|false)$/.test(value)) return whole;
        for (const text of value.startsWith('[') ? (value.match(LISTED) ?? []) : [value]) this.#noteJson(text);
        return `"${name}"${colon}"${MASKED}"`;
      })
      .replace(FORM_FIELD, (whole, before: string, name: string, value: string) =>
        SENSITIVE.test(name) ? `${before}${name}=${this.#mask(value)}` : whole,
      )
      .replace(PART, (whole, head: string, name: string, value: string) =>
        SENSITIVE.test(name) ? `${head}${this.#mask(value)}` : whole,
      )
      .replace(ELEMENT, (whole, tag: string, name: string, value: string) =>
        SENSITIVE.test(name) && value.trim() !== '' ? `${tag}${this.#mask(value)}` : whole,
      );
  }

  /** What was masked in one place, in all others: servers repeat in a body what a header said. */
  again(text: string): string {
    let result = text;
    // The longest first: a value may begin with another one.
    for (const value of [...this.#values].sort((a, b) => b.length - a.length))
      result = result.replaceAll(value, MASKED);
    return result;
  }

  #maskHeader(name: string, value: string): string {
    if (/^set-cookie/i.test(name))
      return value.replace(/^([^=;]*)=([^;]*)/, (_, key, text) => `${key}=${this.#mask(text)}`);
    if (/cookie/i.test(name))
      return value.replace(/([^=;\s]+)=([^;]*)/g, (_, key, text) => `${key}=${this.#mask(text)}`);
    const scheme = /^([a-z][\w-]{1,20})\s+(.+)$/is.exec(value);
    if (scheme === null) return this.#mask(value);
    const [, word, rest] = scheme;
    if (/^basic$/i.test(word!))
      this.#note(
        Buffer.from(rest!, 'base64')
          .toString('utf8')
          .replace(/^[^:]*:?/, ''),
      );
    return `${word} ${this.#mask(rest!)}`;
  }

  #mask(value: string): string {
    this.#note(value);
    return MASKED;
  }

  #note(value: string): void {
    const trimmed = value.trim();
    if (trimmed.length < SHORTEST_VALUE || trimmed === MASKED) return;
    this.#values.add(trimmed);
    for (const decoded of [decodePercent(trimmed), decodePercent(trimmed.replaceAll('+', ' '))])
      if (decoded.length >= SHORTEST_VALUE) this.#values.add(decoded);
  }

  /** @param value as it stands in JSON, which may be cut off */
  #noteJson(value: string): void {
    const inside = value.replace(/^"|"$/g, '');
    this.#note(inside);
    if (!inside.includes('\\')) return;
    try {
      this.#note(String(JSON.parse(`"${inside}"`)));
    } catch {
      // Cut off within an escape: as it stands is all that there is.
    }
  }
}
