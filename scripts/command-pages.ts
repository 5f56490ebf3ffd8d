// The pages of docs/commands/: what the program says of a command, and below it what somebody wrote by hand.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, Help, type Option } from 'commander';
import { Flag } from '../src/cli/flags/flag.ts';
import { OTHER_VARIABLES } from '../src/cli/flags/flag-table.ts';
import { defaultOf, flagsByGroup, notesOf } from '../src/cli/help-page.ts';
import { makeProgram } from '../src/cli/program.ts';
import { renderMarkdownTable } from './markdown-table.ts';
import { ROOT } from './root.ts';

export const COMMANDS_FOLDER = 'docs/commands';
const END = '<!-- What stands above is written by `npm run docs`, what stands below by hand. -->';
const HEADS = ['Flag', 'Default', 'Environment', 'Means'];

const help = new Help();

/** @returns every page by its path, as it should be */
export async function renderCommandPages(): Promise<ReadonlyMap<string, string>> {
  const { commands } = await makeProgram();
  const pages = new Map([[`${COMMANDS_FOLDER}/README.md`, renderIndex(commands)]]);
  for (const command of commands) pages.set(pageOf(command), renderPage(command));
  return pages;
}

/** @returns pages of commands that are no more */
export async function findStrayPages(): Promise<string[]> {
  const pages = await renderCommandPages();
  return readdirSync(path.join(ROOT, COMMANDS_FOLDER))
    .map((file) => `${COMMANDS_FOLDER}/${file}`)
    .filter((file) => !pages.has(file));
}

function pageOf(command: Command): string {
  return `${COMMANDS_FOLDER}/${command.name()}.md`;
}

function handWritten(page: string): string {
  const file = path.join(ROOT, page);
  const [, below = '\n'] = existsSync(file) ? readFileSync(file, 'utf8').split(END) : [];
  return `${END}${below}`;
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

function renderIndex(commands: readonly Command[]): string {
  const groups = Map.groupBy(commands, (command) => command.helpGroup().replace(/:$/, ''));
  const sections = [...groups].map(([title, list]) => {
    const rows = list.map((one) => [
      `[\`sixfold ${one.name()}\`](${one.name()}.md)${one.aliases().map((alias) => `, \`${alias}\``)}`,
      one.description(),
    ]);
    return `## ${title}\n\n${renderMarkdownTable(['Command', 'Does'], rows)}\n`;
  });
  const variables = renderMarkdownTable(
    ['Variable', 'Means'],
    Object.entries(OTHER_VARIABLES).map(([name, means]) => [code(name), means]),
  );
  return `# Command line\n\n${sections.join('')}## Variables without a flag\n\n${variables}\n${handWritten(`${COMMANDS_FOLDER}/README.md`)}`;
}

function renderPage(command: Command): string {
  const { examples, remark } = notesOf(command);
  const longest = Math.max(...examples.map(([line]) => line.length));
  return [
    `# sixfold ${command.name()}\n\n${sentence(command.description())}${remark === undefined ? '' : ` ${remark}`}\n`,
    `\n    ${usageOf(command, 'sixfold')}\n\n`,
    ...help.visibleArguments(command).map((one) => `- \`${one.name()}\`: ${help.argumentDescription(one)}\n`),
    help.visibleArguments(command).length > 0 ? '\n' : '',
    examples.length === 0
      ? ''
      : `## Examples\n\n\`\`\`sh\n${examples.map(([line, does]) => `${line.padEnd(longest)}  # ${does}\n`).join('')}\`\`\`\n\n`,
    ...[...flagsByGroup(command)].map(
      ([title, flags]) => `## ${title}\n\n${renderMarkdownTable(HEADS, flags.map(cellsOf))}\n`,
    ),
    ...help
      .visibleCommands(command)
      .filter(isInner)
      .map((one) => renderInner(command, one)),
    handWritten(pageOf(command)),
  ].join('');
}

/** commander's own `help` needs no description. */
function isInner(command: Command): boolean {
  return command.name() !== 'help';
}

function renderInner(outer: Command, command: Command): string {
  const flags = help.visibleOptions(command);
  return [
    `## sixfold ${outer.name()} ${command.name()}\n\n${sentence(command.description())}\n`,
    `\n    ${usageOf(command, 'sixfold', outer.name())}\n\n`,
    ...help.visibleArguments(command).map((one) => `- \`${one.name()}\`: ${help.argumentDescription(one)}\n`),
    help.visibleArguments(command).length > 0 ? '\n' : '',
    `${renderMarkdownTable(HEADS, flags.map(cellsOf))}\n`,
  ].join('');
}

function usageOf(command: Command, ...before: string[]): string {
  const words = help.visibleArguments(command).map((one) => {
    const name = `${one.name()}${one.variadic ? '...' : ''}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  return [...before, command.name(), '[flags]', ...words].join(' ');
}

function cellsOf(flag: Option): string[] {
  const byDefault = defaultOf(flag);
  const variable = flag instanceof Flag ? flag.row.variable : null;
  const remarks = flag instanceof Flag ? [flag.row.isRepeatable && 'repeatable', flag.row.isOwn && 'of Sixfold'] : [];
  const choices = flag.argChoices?.join(', ');
  const said = [choices, ...remarks].filter((one) => one);
  return [
    code(flag.flags),
    byDefault === '' ? '–' : code(byDefault),
    variable === null ? '–' : code(variable),
    said.length === 0 ? flag.description : `${flag.description} (${said.join('; ')})`,
  ];
}

function code(text: string): string {
  return `\`${text}\``;
}
