import { median, type Result } from './rounds.ts';

const START = '<!-- table: written by npm run bench -- --write -->';
const END = '<!-- end of table -->';

/** The results as a Markdown table: every program against Sixfold on the same workload. */
export function renderTable(results: readonly Result[]): string {
  const head = ['#', 'Workload', 'Program', 'Median', 'Rounds', 'Sixfold against it'];
  const rows = results.map((result, i) => {
    const { workload, name, figures } = result;
    const first = results[i - 1]?.workload !== workload;
    const ours = results.find((other) => other.workload === workload && other.name === 'Sixfold');
    const ratio =
      name === 'Sixfold' || !ours ? '' : againstText(median(ours.figures), median(figures), workload.larger);
    return [
      first ? String(workload.number) : '',
      first ? `${workload.title}: ${workload.unit}` : '',
      name,
      show(median(figures)),
      figures.map(show).join(' · '),
      ratio,
    ];
  });
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** How many times as good: 2 is twice the figure, or half of it where less is better. */
function againstText(ours: number, theirs: number, larger: boolean): string {
  const ratio = larger ? ours / theirs : theirs / ours;
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)} ×`;
}

function show(figure: number): string {
  if (!Number.isFinite(figure)) return '?';
  return figure >= 100 ? Math.round(figure).toLocaleString('en') : figure.toFixed(figure < 10 ? 2 : 1);
}

/**
 * Puts a new table into the page, in place of the last one; what people wrote around it stays.
 * @param page the page as it is; empty for a new one
 */
export function replaceTable(page: string, table: string): string {
  const block = `${START}\n${table}\n${END}`;
  const [from, to] = [page.indexOf(START), page.indexOf(END)];
  if (from >= 0 && to > from) return page.slice(0, from) + block + page.slice(to + END.length);
  return `${page.trimEnd() || '# Performance'}\n\n${block}\n`;
}
