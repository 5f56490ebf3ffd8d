// Fifty mistakes that people make, and all that they are told: the page docs/reference/mistakes.md is made here.
// `UPDATE_MISTAKES=1 node bin/node.js --test test/end-to-end/mistakes.test.ts` writes it anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { ROOT } from '../../scripts/root.ts';
import { runCommand, Scratch } from './command.ts';
import { MISTAKES, type Mistake } from './mistake-table.ts';

const PAGE = path.join(ROOT, 'docs/reference/mistakes.md');

const HEAD = `# Fifty mistakes, and what you are told

What stands here is what the program prints, word for word: a test runs each of them and compares. The script is called \`script.js\`
and lies in \`/home/me\`; lines that begin with \`!\` are the first ones of the summary. What the exit codes mean is in
[exit codes](exit-codes.md).
`;

/** A line of the log as a terminal shows it: the message, and behind it what else there is. */
function showLine(line: string): string {
  if (!line.startsWith('{')) return line;
  const { msg, level: _, time: _time, ...others } = JSON.parse(line) as Record<string, string>;
  const fields = Object.entries(others).filter(([key]) => !['source', 'executor', 'scenario'].includes(key));
  return [msg, ...fields.map(([key, value]) => `  ${key}: ${value}`)].join('\n');
}

/** Runs one mistake. @returns its part of the page */
async function describeMistake({ title, script, words, env }: Mistake): Promise<string> {
  const scratch = new Scratch();
  try {
    if (script !== undefined) scratch.write('script.js', script);
    const line = words ?? ['run', 'script.js'];
    const isRun = line[0] === 'run';
    const all = isRun ? ['run', '-q', '--log-format', 'json', ...line.slice(1)] : line;
    const { exit, stdout, stderr } = await runCommand(all, { cwd: scratch.folder, env });
    const first = stdout.split('\n\n')[0].startsWith('\n  !') ? stdout.split('\n\n')[0] : '';
    const said = `${stderr.trimEnd().split('\n').map(showLine).join('\n')}${first}`
      .replaceAll(scratch.folder, '/home/me')
      .trim();
    const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value} `);
    const code = script === undefined ? '' : `\n\`\`\`text\n${script.trim()}\n\`\`\`\n`;
    return `\n## ${title}\n\n    ${variables.join('')}sixfold ${line.join(' ')}\n${code}\nExit code ${exit}:\n\n\`\`\`text\n${said}\n\`\`\`\n`;
  } finally {
    scratch.remove();
  }
}

describe('fifty mistakes are told as the page says', { concurrency: Math.min(4, availableParallelism()) }, () => {
  const page = readFileSync(PAGE, 'utf8');
  const [head, ...written] = page.split(/(?=^\n## )/m);
  const parts: string[] = [];
  after(() => {
    if (process.env['UPDATE_MISTAKES']) writeFileSync(PAGE, HEAD + parts.join(''));
  });

  test('the page has each of them', () => {
    assert.ok(MISTAKES.length >= 50);
    if (process.env['UPDATE_MISTAKES']) return;
    assert.equal(head, HEAD);
    assert.equal(written.length, MISTAKES.length);
  });

  for (const [at, mistake] of MISTAKES.entries())
    test(mistake.title, async () => {
      parts[at] = await describeMistake(mistake);
      if (!process.env['UPDATE_MISTAKES']) assert.equal(parts[at], written[at]);
    });
});
