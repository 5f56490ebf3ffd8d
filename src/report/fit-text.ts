// Texts in columns of a terminal: wide characters take two, marks that stand on others none.
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a text takes. */
export function widthOf(text: string): number {
  // Nearly all text is of this kind, and bars are drawn ten times a second.
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}

/** @returns the text, or its beginning with `…`, where it does not fit into the columns */
export function fitText(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fitting = '';
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
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
