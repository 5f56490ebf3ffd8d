// Changes to the text of a module that leave every line and, but for a shorthand, every column where it was.

export interface ModuleEdits {
  /** Sorted in no particular order; none overlaps another. */
  readonly replacements: readonly Replacement[];
  /** Statements to put behind the text. */
  readonly appended: readonly string[];
}

export interface Replacement {
  /** UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @returns the text with the edits made */
export function applyEdits(source: string, edits: readonly ModuleEdits[]): string {
  let text = source;
  const replacements = edits.flatMap((part) => part.replacements).sort((a, b) => b.start - a.start);
  for (const { start, end, text: own } of replacements) text = text.slice(0, start) + own + text.slice(end);
  const appended = edits.flatMap((part) => part.appended);
  if (appended.length === 0) return text;
  // In front of a comment that names a source map, which has to be the last.
  const comment = text.lastIndexOf('\n//# sourceMappingURL=');
  const end = comment < 0 ? text.length : comment;
  return `${text.slice(0, end)}\n;${appended.join(';')}${text.slice(end)}`;
}

/**
 * An identifier that the text does not hold, of exactly that many code units.
 * @param stem what error messages may show of it; where there is none, any letter will do
 */
export function pickName(source: string, length: number, stem = ''): string {
  for (let i = 0; ; i++) {
    // CJK letters are of one code unit each, and no script uses all.
    const name =
      stem === ''
        ? String.fromCharCode(0x4e00 + i).padEnd(length, '_')
        : stem + String(i).padStart(length - stem.length, '0');
    if (!source.includes(name)) return name;
  }
}
