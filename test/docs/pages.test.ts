// What the documentation names is there: links, flags, options, modules, metrics, exit codes.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findStrayPages, renderCommandPages } from '../../scripts/command-pages.ts';
import { renderOptionTables } from '../../scripts/options-page.ts';
import { ROOT } from '../../scripts/root.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { EXIT } from '../../src/exit/exit-error.ts';
import { BUILT_IN } from '../../src/metrics/built-in.ts';
import { OPTION_KEYS } from '../../src/options/option-table.ts';
import { EXECUTORS, fieldsOf } from '../../src/options/scenario-settings.ts';
import { isK6Module, K6_MODULES } from '../../src/script/load/k6-modules.ts';
import { anchorsOf, readPages } from './documents.ts';

/** Metrics that are defined, but that nothing measures yet. */
const UNMEASURED = /^browser_/;
/** Flags of npm, node and the repository's own scripts. */
const FOREIGN = new Set([
  '--from-file',
  '--set',
  '--filter',
  '--write',
  '--help',
  '--version',
  '--save-dev',
  '--rounds',
  '--seconds',
  '--only',
]);

const pages = readPages();
const reference = (name: string): string => pages.find(({ file }) => file === `docs/reference/${name}`)!.text;
const flagsIn = (text: string): Set<string> => new Set(text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []);

const { commands } = await makeProgram();
const withCommandsBelow = (command: (typeof commands)[number]): (typeof commands)[number][] => [
  command,
  ...command.commands.flatMap(withCommandsBelow),
];
const flagsOfCommands = new Set(
  commands
    .flatMap(withCommandsBelow)
    .flatMap(({ options }) => options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? [])),
);

test('links lead somewhere', () => {
  const anchors = new Map<string, Set<string>>();
  const anchorsIn = (file: string) => {
    const known = anchors.get(file) ?? anchorsOf(readFileSync(file, 'utf8'));
    anchors.set(file, known);
    return known;
  };
  for (const { file, text } of pages) {
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [relative = '', anchor] = link.split('#');
      const target = path.join(ROOT, relative === '' ? file : path.join(path.dirname(file), relative));
      assert.ok(existsSync(target), `${file}: ${link} is not there`);
      if (anchor === undefined || statSync(target).isDirectory()) continue;
      assert.ok(anchorsIn(target).has(anchor), `${file}: ${link} has no such heading`);
    }
  }
});

test('every flag that a page names is in --help', () => {
  // The page of the mistakes shows wrong ones on purpose.
  const others = ['CONTRIBUTING.md', 'docs/reference/mistakes.md'];
  for (const { file, text } of pages.filter((page) => !others.includes(page.file))) {
    for (const flag of flagsIn(text))
      assert.ok(flagsOfCommands.has(flag) || FOREIGN.has(flag), `${file}: no command has ${flag}`);
  }
});

test('docs/commands has a page for each command that says what the program says ("npm run docs" writes them anew)', async () => {
  for (const [page, text] of await renderCommandPages())
    assert.equal(pages.find(({ file }) => file === page)?.text, text, page);
  assert.deepEqual(await findStrayPages(), [], 'pages of commands that are no more');
});

test('the tables of docs/reference/options.md say what the table of options says ("npm run docs" writes them anew)', () => {
  assert.equal(reference('options.md'), renderOptionTables(reference('options.md')));
});

test('the fields of scenarios stand in the reference with the executors that take them', () => {
  const lines = reference('options.md').split('\n');
  for (const executor of EXECUTORS) {
    for (const field of fieldsOf(executor)) {
      const line = lines.find(
        (one) => one.startsWith('| `') && one.split('|')[1].includes(`\`${field}\``) && one.split('|').length === 5,
      );
      assert.ok(
        line?.includes(`\`${executor}\``) || /\ball\b/.test(line ?? '') || line?.includes('both arrival rates'),
        `${field} of ${executor}`,
      );
    }
  }
});

test('options, modules, metrics and exit codes stand in their references', () => {
  for (const key of OPTION_KEYS) assert.ok(reference('options.md').includes(`\`${key}\``), `option ${key}`);
  for (const name of K6_MODULES)
    assert.match(reference('modules.md'), new RegExp(`^\\| \`${name}\` +\\|`, 'm'), `module ${name}`);
  for (const name of Object.keys(BUILT_IN).filter((metric) => !UNMEASURED.test(metric)))
    assert.ok(reference('metrics.md').includes(`\`${name}\``), `metric ${name}`);
  for (const code of Object.values(EXIT)) {
    if (code === EXIT.genericTimeout) continue; // reserved by k6: a handleSummary that takes too long is only logged
    assert.match(reference('exit-codes.md'), new RegExp(`^\\| ${code} +\\|`, 'm'), `exit code ${code}`);
  }
});

test('the README names the modules that are there, and only others as missing', () => {
  const readme = pages.find(({ file }) => file === 'README.md')!.text;
  const [, there = '', missing = ''] = /^\| (`k6`,.*?) \| (.*?) \|$/m.exec(readme) ?? [];
  const names = (text: string): string[] => text.match(/(?<=`)k6[\w/]*(?=`)/g) ?? [];
  assert.deepEqual(names(there).sort(), [...K6_MODULES].sort());
  const absent = [
    ...names(missing),
    ...names(reference('modules.md').split('Not there yet:')[1]?.split('\n\n', 1)[0] ?? ''),
  ];
  assert.deepEqual(absent.filter(isK6Module), []);
});
