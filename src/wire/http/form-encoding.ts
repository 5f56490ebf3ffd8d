/** `application/x-www-form-urlencoded` as Go writes it: sorted by key, spaces as `+`. */
export function encodeForm(entries: readonly (readonly [string, unknown])[], warn: (message: string) => void): string {
  const pairs: [key: string, value: string][] = [];
  for (const [key, value] of entries) {
    if (Array.isArray(value)) for (const item of value) pairs.push([key, formText(key, item, warn)]);
    else pairs.push([key, formText(key, value, warn)]);
  }
  pairs.sort(([a], [b]) => (a === b ? 0 : isAstral.test(a + b) ? compareOctets(a, b) : a < b ? -1 : 1));
  return pairs.map(([key, value]) => `${escapeForm(key)}=${escapeForm(value)}`).join('&');
}

/** Where there are such characters, the order of UTF-16 is not that of UTF-8. */
const isAstral = /[\ud800-\udfff]/;

function compareOctets(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** A value of a form as text; what a form cannot hold is sent empty. */
export function formText(key: string, value: unknown, warn: (message: string) => void): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'undefined':
      return '';
    default:
      if (value !== null)
        warn(`the value of "${key}" is neither text, number nor boolean; a form cannot hold it, so it is sent empty`);
      return '';
  }
}

function escapeForm(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+');
  return /[!'()*]/.test(encoded)
    ? encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    : encoded;
}
