// Texts in columns of a terminal: wide characters take two, marks that stand on others none.
import { createRequire } from 'node:module';

/** Both take time to load, and few texts need them. */
const late = {
  stringWidth: null as ((text: string) => number) | null,
  graphemes: null as Intl.Segmenter | null,
};

/** Letters of one column each: those of English, of western Europe, and what bars and verdicts are drawn with. */
const NARROW = /^[\x20-\x7e\xa1-\xac\xae-\xff…─-▟✓✗]*$/;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  // Nearly all text is of this kind, and bars are drawn ten times a second.
  if (NARROW.test(text)) return text.length;
  late.stringWidth ??= createRequire(import.meta.url)('string-width').default as (text: string) => number;
  return late.stringWidth(text);
}

/** @returns the text, or its beginning with `…`, where it does not fit into the columns */
export function fitText(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fitting = '';
  let width = 0;
  late.graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment } of late.graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    fitting += segment;
  }
  return columns < 1 ? '' : `${fitting}…`;
}

/** @returns the text with spaces up to the columns */
export function padText(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}
