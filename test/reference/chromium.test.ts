// The exported reference in a browser, by file://, offline.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { writeSite } from '../../src/reference/write-site.ts';
import { hasProgram } from '../servers/has-program.ts';

const skip = !process.env['CI'] && !hasProgram('chromium') ? 'no chromium on this machine' : false;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let folder: string;

before(async () => {
  if (skip) return;
  folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-site-'));
  await writeSite(folder);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
});
after(async () => {
  if (skip) return;
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page of every kind: the longest, the shortest, tables, code, an address that has moved. */
const KINDS = [
  'index.html',
  'grpc/9-failed-precondition.html',
  'grpc/14-unavailable.html',
  'http/503.html',
  'codes/1312.html',
  'codes/1404.html',
  'codes/1314.html',
  'codes/2402.html',
  'codes/1657.html',
  'websocket/1006.html',
  'exit/99.html',
  'mappings/index.html',
  'guides/index.html',
  'guides/retry.html',
];
/** Colours are the same in both languages: each kind is seen in both themes once. */
const VIEWS = [
  { colorScheme: 'light', tag: 'en' },
  { colorScheme: 'dark', tag: 'ru' },
] as const;

for (const { colorScheme, tag } of VIEWS)
  test(`pages of every kind open without a message, fit 390 px and pass axe, ${tag}, ${colorScheme}`, {
    skip,
  }, async () => {
    const context = await browser.newContext({ colorScheme, offline: true, viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText;
      // The icon of a page that leads on by itself: the browser breaks off what it no longer needs.
      if (why !== 'net::ERR_ABORTED') troubles.push(`${request.url()}: ${why}`);
    });
    for (const kind of KINDS) {
      const file = `${tag}/${kind}`;
      await page.goto(pathToFileURL(path.join(folder, file)).href);
      // An address that has moved leads on by itself.
      await page.waitForSelector('main');
      assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, file);
      await page.evaluate(AXE);
      const found = await page.evaluate(
        'axe.run({ preload: false }).then((r) => r.violations.filter((v) => v.tags.some((t) => /^wcag2/.test(t))).map((v) => v.id))',
      );
      assert.deepEqual(found, [], file);
    }
    assert.deepEqual(troubles, []);
    await context.close();
  });

test('the keyboard alone finds a page by number, name, errno, constant and Russian word', { skip }, async () => {
  const page = await browser.newPage();
  const asked = [
    ['en', '14', 'en/grpc/14-unavailable.html'],
    ['en', 'ECONNRESET', 'en/codes/1220.html'],
    ['en', 'StatusAborted', 'en/grpc/10-aborted.html'],
    ['en', 'certificate expired', 'en/codes/1312.html'],
    ['en', 'StatusTooManyRequests', 'en/http/429.html'],
    ['ru', 'непустого каталога', 'ru/grpc/9-failed-precondition.html'],
    ['ru', '404', 'ru/http/404.html'],
    ['en', 'max_connections', 'en/codes/2105.html'],
    ['ru', 'просроченный токен', 'ru/grpc/16-unauthenticated.html'],
    ['ru', 'ECONNREFUSED', 'ru/codes/1212.html'],
  ] as const;
  for (const [tag, query, wanted] of asked) {
    await page.goto(pathToFileURL(path.join(folder, tag, 'index.html')).href);
    await page.keyboard.press('/');
    await page.keyboard.type(query);
    await page.waitForSelector('#found li[aria-selected=true]');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.href.endsWith(wanted), { timeout: 60_000 });
  }
  await page.close();
});

test('the keyboard alone skips to the text, chooses among what is found, and leaves the search', { skip }, async () => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path.join(folder, 'en/grpc/9-failed-precondition.html')).href);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.className'), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate('location.hash'), '#text');
  await page.keyboard.press('/');
  await page.keyboard.type('connection');
  await page.waitForSelector('#found li[aria-selected=true]');
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('#found-1[aria-selected=true]');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate("document.querySelector('#found').hidden"), true);
  // From the search on, Tab comes to the switch of the language, which stays on the page.
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  await page.locator('nav.languages a[hreflang=ru]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.href.endsWith('ru/grpc/9-failed-precondition.html'), { timeout: 60_000 });
  await page.close();
});
