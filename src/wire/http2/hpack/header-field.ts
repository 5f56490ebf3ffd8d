/**
 * One field of a header section. Names are lower case; each character of `name` and `value` stands for one octet (latin1).
 * Fields are shared between lists and tables: never change one.
 */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** What a field counts for in tables and in MAX_HEADER_LIST_SIZE (RFC 7541 section 4.1, RFC 9113 section 6.5.2). */
export function fieldSize(name: string, value: string): number {
  return name.length + value.length + 32;
}
