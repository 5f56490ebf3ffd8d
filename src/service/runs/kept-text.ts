// Texts as both databases take them.

/** @returns the text as PostgreSQL keeps it: with no U+0000 (https://www.postgresql.org/docs/current/datatype-character.html) */
export function withoutNull(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** @returns the fields of a line of a log, names and values without U+0000 */
export function fieldsWithoutNull(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [withoutNull(name), withoutNull(value)]));
}
