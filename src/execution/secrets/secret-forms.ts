// The shapes in which the value of a secret may turn up in a text: as it is, encoded, escaped, or as a part of something encoded.

/** Shorter values are looked for as they are only: their encoded forms would be found in anything. */
const SHORTEST_ENCODED = 4;
/** Lines of a value, such as a key in PEM, from this length on are secrets of their own. */
const SHORTEST_LINE = 8;

/**
 * Lists what to look for.
 * @param value not empty
 * @returns distinct texts, none of them empty
 */
export function formsOf(value: string): ReadonlySet<string> {
  const forms = new Set<string>([value]);
  if (value.length < SHORTEST_ENCODED) return forms;
  const lines = value.split(/\r?\n/);
  const parts = lines.length > 1 ? lines.filter((line) => line.trim().length >= SHORTEST_LINE) : [];
  for (const text of [value, value.trim(), ...parts]) {
    if (text.length < SHORTEST_ENCODED) continue;
    addForms(forms, text);
    const escaped = escapeJson(text);
    if (escaped !== text) addBytes(forms, escaped);
  }
  return forms;
}

function addForms(forms: Set<string>, text: string): void {
  const plain = text.toWellFormed();
  for (const form of [
    text,
    text.toLowerCase(),
    text.toUpperCase(),
    escapeJson(text),
    escapeJson(escapeJson(text)),
    escapeJson(text).replaceAll('/', '\\/'),
    escapeAscii(escapeJson(text)),
    escapeAscii(escapeJson(text)).replace(/[<>&]/g, escapeUnit),
    escapeHtml(text, '&#39;', '&quot;'),
    escapeHtml(text, '&#x27;', '&quot;'),
    escapeHtml(text, '&#39;', '&#34;'),
    escapeHtml(text, '&apos;', '&quot;'),
    text.replaceAll('"', '""'),
    encodeURI(plain),
    ...percentForms(encodeURIComponent(plain)),
    ...percentForms(encodeURIComponent(plain).replace(/[!'()*~]/g, percentOf)),
    encodeURIComponent(encodeURIComponent(plain)),
    ...[', ', ',', ' ', '', '", "', '","'].map((between) => [...text].join(between)),
  ])
    forms.add(form);
  addBytes(forms, plain);
}

/** Forms that show octets. */
function addBytes(forms: Set<string>, text: string): void {
  const bytes = Buffer.from(text);
  forms.add(bytes.toString('latin1'));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const between = ['', ' ', ':', '%', '\\x', ', 0x', ','];
  for (const form of between.map((join) => hex.join(join))) {
    forms.add(form);
    forms.add(form.toUpperCase());
  }
  for (const join of [', ', ',', ' ']) forms.add(Array.from(bytes).join(join));
  for (const encoding of ['base64', 'base64url'] as const) {
    forms.add(bytes.toString(encoding));
    for (const before of [0, 1, 2]) {
      const core = coreOf(bytes, before, encoding);
      if (core.length >= SHORTEST_ENCODED) forms.add(core);
    }
  }
}

/**
 * The characters of base64 that depend on nothing but the octets given, when others stand around them.
 * @param before how many octets stand before them, modulo 3
 */
function coreOf(bytes: Buffer, before: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
  const first = Math.ceil((before * 8) / 6);
  const end = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(first, end);
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function escapeAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, escapeUnit);
}

function escapeHtml(text: string, apostrophe: string, quote: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", apostrophe)
    .replaceAll('"', quote);
}

function percentOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** @param encoded with escapes in capitals */
function percentForms(encoded: string): string[] {
  return [encoded, encoded.replaceAll('%20', '+')].flatMap((form) => [
    form,
    form.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
  ]);
}
