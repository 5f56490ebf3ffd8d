// Texts as both databases take them.

/** @returns the text as PostgreSQL keeps it: with no U+0000 (https://www.postgresql.org/docs/current/datatype-character.html) */
export function withoutNull(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

/** @param value of JSON @returns the same with no U+0000 in any text or name of it */
export function withoutNullIn<T>(value: T): T {
  if (typeof value === 'string') return withoutNull(value) as T;
  if (Array.isArray(value)) return value.map((part) => withoutNullIn<unknown>(part)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [withoutNull(name), withoutNullIn<unknown>(part)]),
  ) as T;
}
