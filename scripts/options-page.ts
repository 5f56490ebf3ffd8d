import { describeDefault } from '../src/options/describe-option.ts';
import { type AnyOptionRow, OPTION_GROUPS, type OptionGroup } from '../src/options/option-row.ts';
import { OPTION_KEYS, OPTION_ROWS } from '../src/options/option-table.ts';
import { renderMarkdownTable } from './markdown-table.ts';

const HEADS = ['Key', 'Default', 'Environment', 'Flag', 'Means'];

/**
 * @param page docs/reference/options.md
 * @returns the page with the table of each group of options written anew, below its heading
 */
export function renderOptionTables(page: string): string {
  let out = page;
  for (const [group, title] of Object.entries(OPTION_GROUPS) as [OptionGroup, string][]) {
    const section = new RegExp(`(\n## ${title}\n\n)(?:\\|.*\n)*`);
    if (!section.test(out)) throw new Error(`docs/reference/options.md has no heading "${title}"`);
    out = out.replace(section, (_all, head: string) => head + renderTable(group));
  }
  return out;
}

function renderTable(group: OptionGroup): string {
  const keys = OPTION_KEYS.filter((key) => OPTION_ROWS[key].group === group);
  return renderMarkdownTable(
    HEADS,
    keys.map((key) => [code(key), ...cellsOf(OPTION_ROWS[key])]),
  );
}

function cellsOf(row: AnyOptionRow): string[] {
  const byDefault = describeDefault(row) || (row.default === false ? 'false' : '');
  return [
    byDefault === '' ? '–' : code(byDefault),
    row.env === null ? '–' : code(row.env),
    row.flag === null
      ? '–'
      : row.flag
          .replace(/ [<[].*/, '')
          .split(', ')
          .map(code)
          .join(', '),
    row.isOwn ? `${row.means} (of Sixfold)` : row.means,
  ];
}

function code(text: string): string {
  return `\`${text}\``;
}
