import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launcherPath } from '../../scripts/program-under-test.ts';
import { ROOT } from '../../scripts/root.ts';
import { runProgram } from '../../scripts/run-program.ts';
import { CodeLinks, languageOfEnvironment, showsLinks } from './code-links.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'code-links-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SCRIPT = path.join(folder, 'refused.js');
writeFileSync(SCRIPT, "import http from 'k6/http';\nexport default () => { http.get('http://127.0.0.1:1/'); };\n");

/** The addresses of OSC 8 links in a text, each once. */
const linksIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\x1b\]8;;([^\x1b]+)\x1b\\/g)].map(([, url]) => url!)),
];

const run = (env: Record<string, string>) =>
  runProgram(process.execPath, [launcherPath(), 'run', '--quiet', SCRIPT], { cwd: ROOT, output: 'keep', env });

test('a pipe gets no links, whatever terminal is around it, and no reference is written', async () => {
  const cache = path.join(folder, 'none');
  const { output } = await run({ XDG_CACHE_HOME: cache, TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203' });
  assert.match(output, /1212 connection_refused/);
  assert.match(output, /code=1212/);
  assert.ok(!output.includes('\x1b'));
  assert.ok(!existsSync(path.join(cache, 'sixfold/docs')));
  assert.equal(showsLinks({ isTTY: false }, {}), false);
});

test('links of the summary lead to pages that are there, without a server, in the language of the terminal', async () => {
  const cache = path.join(folder, 'cache');
  const { output } = await run({ XDG_CACHE_HOME: cache, FORCE_HYPERLINK: '1', LC_ALL: 'ru_RU.UTF-8' });
  const [link, ...others] = linksIn(output);
  assert.deepEqual(others, []);
  const url = new URL(link!);
  assert.equal(url.hostname, os.hostname().toLowerCase());
  const page = fileURLToPath(`file://${url.pathname}`);
  assert.match(page, /ru\/codes\/1212\.html$/);
  assert.match(readFileSync(page, 'utf8'), /lang="ru"/);
  // Nothing half written is left beside it.
  assert.equal(readdirSync(path.join(cache, 'sixfold/docs')).length, 1);
});

test('nothing is written where no link was shown, and a folder that cannot be written is no failure', async () => {
  const untouched = path.join(folder, 'untouched');
  await new CodeLinks(untouched).settle();
  assert.ok(!existsSync(untouched));
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const links = new CodeLinks(path.join(file, 'docs'));
  assert.match(links.link('1212', 1212), /codes\/1212\.html/);
  await links.settle();
});

test('the language is that of the messages', () => {
  assert.equal(languageOfEnvironment({ LANG: 'ru_RU.UTF-8', LC_ALL: 'C' }), 'C');
  assert.equal(languageOfEnvironment({ LANG: 'ru_RU.UTF-8' }), 'ru');
  assert.equal(languageOfEnvironment({}), 'en');
});
