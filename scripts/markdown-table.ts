/**
 * @param rows cells in Markdown, in which `|` and `*` mean themselves
 * @returns a table with its columns in line
 */
export function renderMarkdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('*', '\\*')));
  const widths = heads.map((head, i) => Math.max(head.length, 3, ...escaped.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |\n`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...escaped.map(line)].join('');
}
