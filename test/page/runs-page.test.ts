// The page of the history as a person's browser has it: runs found, looked at, held against each other, pinned and removed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ROOT } from '../../scripts/root.ts';
import { HistoryStore } from '../../src/control/history/history-store.ts';
import { importRun } from '../../src/control/history/import-run.ts';
import { until } from '../end-to-end/until.ts';
import { auditPage } from '../servers/audit-page.ts';
import { NO_BROWSER, openBrowser } from '../servers/open-browser.ts';
import { makeKeptRun } from './kept-run.fixture.ts';

const START = Date.UTC(2026, 10, 28, 9, 12);
const HOSTILE = '</script><img src=x onerror="document.title=1">';
const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-runs-page-'));
const file = path.join(folder, 'runs.db');

interface Serving {
  readonly origin: string;
  readonly token: string;
  /** @returns its exit code */
  end(): Promise<number | null>;
}

let serving: Serving;
let browser: Browser | null = null;

before(async () => {
  const store = new HistoryStore(file);
  for (const [index, latencyMs] of [8, 8.1, 7.9, 16].entries())
    importRun(
      store,
      makeKeptRun({
        id: `20261128-09120${index}-aaaaa${index}`,
        script: 'shop.js',
        startedAtMs: START + index * 60_000,
        latencyMs,
        exitCode: latencyMs > 10 ? 99 : 0,
      }),
    );
  importRun(
    store,
    makeKeptRun({
      id: '20261128-080000-bbbbb0',
      script: HOSTILE,
      startedAtMs: START - 3_600_000,
      latencyMs: 5,
      exitCode: 0,
    }),
  );
  store.begin({
    id: '20261127-080000-ccccc0',
    name: 'lost.js',
    fingerprint: 'x',
    version: '0.1.0',
    host: 'elsewhere',
    startedAtMs: START - 90_000_000,
  });
  store.close();
  serving = await serve();
  if (NO_BROWSER === false) browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await serving.end();
  rmSync(folder, { recursive: true });
});

async function serve(): Promise<Serving> {
  const child = spawn(process.execPath, [path.join(ROOT, 'src/cli/main.ts'), 'runs', 'web', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SIXFOLD_HISTORY: file },
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const link = await new Promise<string>((resolve, reject) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const found = /http:\S+#token=[\w-]+(?=\s)/.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      });
    child.on('exit', () => reject(new Error(text)));
  });
  const { origin, hash } = new URL(link);
  return {
    origin,
    token: hash.replace('#token=', ''),
    end: () => {
      child.kill('SIGINT');
      return exited;
    },
  };
}

async function open(place: string, messages: string[] = []): Promise<Page> {
  const page = await browser!.newPage({ viewport: { width: 1360, height: 900 }, colorScheme: 'light' });
  page.setDefaultTimeout(30_000);
  page.on('console', (message) => void messages.push(message.text()));
  page.on('pageerror', (error) => void messages.push(error.message));
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(`${serving.origin}${place}`);
  await page.locator('h1').waitFor();
  return page;
}

/** @returns the ids that the server lists, by their ends */
async function listed(): Promise<string[]> {
  const rows = (await (await fetch(`${serving.origin}/api/runs`)).json()) as { id: string }[];
  return rows.map(({ id }) => id.slice(-6));
}

test('whoever reads needs no token on this machine; whoever changes does; other hosts and pages get nothing', async () => {
  const { origin, token } = serving;
  const url = `${origin}/api/runs/20261128-091200-aaaaa0`;
  const authorization = `Bearer ${token}`;
  assert.equal((await fetch(url)).status, 200);
  assert.equal((await fetch(url, { method: 'DELETE' })).status, 401);
  assert.equal((await fetch(url, { method: 'POST', body: '{"pinned":true}' })).status, 401);
  assert.equal((await fetch(url, { method: 'POST', body: '{"pinned":1}', headers: { authorization } })).status, 400);
  const evil = { authorization, origin: 'http://evil.example' };
  assert.equal((await fetch(url, { method: 'DELETE', headers: evil })).status, 403);
  const unknown = await fetch(`${origin}/api/runs/nothing`);
  assert.deepEqual([unknown.status, /there is no run \\"nothing\\"/.test(await unknown.text())], [404, true]);
  const lost = await fetch(`${origin}/api/runs/20261127-080000-ccccc0`);
  assert.deepEqual([lost.status, /was lost before its end/.test(await lost.text())], [404, true]);
  assert.match(await (await fetch(`${url}/report.html`)).text(), /<script type="text\/plain" id="run">[\w+/=]+</);
  assert.equal((await listed()).length, 6);
});

test('the list is found in, and shows hostile names as text; in both themes, on a telephone and by keyboard', {
  skip: NO_BROWSER,
}, async () => {
  const messages: string[] = [];
  const page = await open('/runs', messages);
  const rows = page.locator('table.runs tbody tr');
  assert.equal(await page.locator('h1').textContent(), 'Runs. 6 kept.');
  assert.equal(await rows.count(), 6);
  assert.equal(await page.getByText(HOSTILE).count(), 2);
  // Without the token there is nothing to change anything with.
  assert.equal(await page.getByRole('button', { name: 'Remove' }).count(), 0);
  assert.deepEqual(await auditPage(page), []);
  await page.getByRole('button', { name: 'Colours: Auto' }).click();
  await page.getByRole('button', { name: 'Colours: Light' }).click();
  await page.locator('html[data-theme="dark"]').waitFor();
  assert.deepEqual(await auditPage(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await until(async () => (await page.evaluate('document.documentElement.scrollWidth')) === 390, 'it is no wider');
  await page.setViewportSize({ width: 1360, height: 900 });

  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.fill('shop crossed');
  await page.getByText('1 run fits.').waitFor();
  assert.match((await rows.first().textContent()) ?? '', /aaaaa3.*1 of 1 threshold crossed/);
  await search.fill('');
  await page.getByRole('button', { name: 'Not passed' }).click();
  await page.getByText('2 runs fit.').waitFor();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await page.getByRole('combobox', { name: 'Script' }).selectOption('shop.js');
  await page.getByText('4 runs fit.').waitFor();

  // By keyboard alone: two are chosen, and compared.
  await page.getByRole('checkbox', { name: 'Choose shop.js aaaaa3' }).focus();
  await page.keyboard.press('Space');
  await page.getByText('shop.js aaaaa3: choose another run').waitFor();
  await page.getByRole('checkbox', { name: 'Choose shop.js aaaaa0' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('link', { name: 'Compare', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Slower than before.').waitFor();
  assert.deepEqual(messages, []);
  await page.close();
});

test('a comparison says what "sixfold runs compare" says, with every run over time', { skip: NO_BROWSER }, async () => {
  const messages: string[] = [];
  const page = await open('/runs', messages);
  await page.getByRole('link', { name: 'Compare with 3 before: shop.js aaaaa3' }).click();
  await page.getByText('Slower than before.').waitFor();
  assert.equal(await page.locator('h1').textContent(), 'Slower than before. With 3 earlier runs.');
  await page.getByText('Compared with 3 earlier runs (last:5).').waitFor();
  const row = page.locator('section.comparison tbody tr').nth(1);
  assert.match((await row.textContent()) ?? '', /^http_req_duration p95.+slower$/);
  assert.equal(await page.locator('.chart canvas').count(), 3);
  assert.deepEqual(await auditPage(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  await until(async () => (await page.evaluate('document.documentElement.scrollWidth')) === 390, 'it is no wider');
  assert.deepEqual(messages, []);
  await page.close();
});

test('a run is its report, and can be saved as one', { skip: NO_BROWSER }, async () => {
  const messages: string[] = [];
  const page = await open('/runs/20261128-091203-aaaaa3', messages);
  assert.equal(await page.locator('h1').textContent(), 'Not passed. 1 of 1 threshold crossed.');
  await page.getByRole('link', { name: 'Compare with 3 before' }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save report' }).click();
  assert.equal((await download).suggestedFilename(), 'shop.js.html');
  await page.setViewportSize({ width: 390, height: 844 });
  await until(async () => (await page.evaluate('document.documentElement.scrollWidth')) === 390, 'it is no wider');
  await page.goto(`${serving.origin}/runs/nothing`);
  await page.getByText('there is no run "nothing": it may have been removed').waitFor();
  await page.close();
});

test('runs are pinned and removed', { skip: NO_BROWSER }, async () => {
  const page = await open(`/runs#token=${serving.token}`);
  assert.equal(new URL(page.url()).hash, '');
  await page.getByRole('button', { name: 'Pin shop.js aaaaa1' }).click();
  await page.getByRole('button', { name: 'Unpin shop.js aaaaa1' }).waitFor();
  assert.equal(await page.locator('h1').textContent(), 'Runs. 6 kept, 1 pinned.');
  await page.getByRole('button', { name: 'Remove lost.js ccccc0' }).click();
  await page.getByText('Runs. 5 kept, 1 pinned.').waitFor();
  assert.deepEqual(await listed(), ['aaaaa3', 'aaaaa2', 'aaaaa1', 'aaaaa0', 'bbbbb0']);
  const store = new HistoryStore(file);
  assert.deepEqual(
    store.listPinned().map(({ id }) => id.slice(-6)),
    ['aaaaa1'],
  );
  store.close();
  await page.close();
});
