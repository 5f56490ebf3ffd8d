// What becomes of browsers that hang or are killed, and of pages that do not come: nothing is left of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { forgetFirst } from '../servers/forgetful-browser.ts';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { startOwnBrowser } from '../servers/own-browser.ts';
import { type PageServer, servePages } from '../servers/serve-pages.ts';
import { BrowserLab, UI } from './browser-lab.ts';
import { until } from './until.ts';

const lab = new BrowserLab();
let site: PageServer;
before(async () => {
  site = await servePages({ '/': '<title>Here</title><h1>Here</h1>', '/silent': () => {} });
});
after(() => {
  site.close();
  lab.remove();
});

const nothingIsLeft = (): void => assert.deepEqual([lab.profiles, lab.processes], [[], []]);

/** The process that the others of a browser belong to. */
function mainProcess(): number {
  const found = lab.processes.find((pid) => !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type='));
  assert.ok(found !== undefined);
  return found;
}

describe('browsers that end', { skip: NO_BROWSER || process.platform !== 'linux', concurrency: 1 }, () => {
  test('one that is killed fails its iteration with a code, and another takes its place', async () => {
    const command = lab.start(`
      export const options = { scenarios: { ui: { ...${UI}, iterations: 2 } } };
      export default async function () {
        const page = await browser.newPage();
        await page.goto('${site.url}/');
        if (__ITER === 0) {
          console.log('waiting');
          try { await page.waitForSelector('#never'); } catch (error) { console.log('caught', error.error_code); throw error; }
        }
        console.log('title', await page.title());
        await page.close();
      }`);
    await command.printed(/^waiting$/m);
    process.kill(mainProcess(), 'SIGKILL');
    const { exit, stdout, stderr } = await command.ended;
    assert.equal(exit, 0, stderr);
    assert.match(stderr, /^caught 1040$/m);
    assert.match(stderr, /^title Here$/m);
    assert.match(stdout, /iterations_failed\.*: 50\.00% 1 out of 2/);
    nothingIsLeft();
  });

  test('a browser that forgets to close is asked again', async () => {
    const own = await startOwnBrowser(lab.temporary);
    const methods = ['Target.closeTarget', 'Target.disposeBrowserContext'];
    const forgetful = await forgetFirst(methods, own.endpoint);
    try {
      const { lines, stderr } = await lab.iterate(
        `const page = await browser.newPage();
         await page.goto('http://127.0.0.1:1/').catch(() => console.log('failed'));
         await page.close();
         console.log('page closed', page.isClosed());
         await browser.context().close();
         console.log('context closed', browser.context());`,
        { K6_BROWSER_WS_URL: forgetful.endpoint },
      );
      assert.deepEqual(lines, ['failed', 'page closed true', 'context closed null'], stderr);
      assert.deepEqual(forgetful.forgotten, methods);
    } finally {
      forgetful.close();
      await own.end();
      // Its helpers end behind it.
      await until(() => lab.processes.length === 0, 'no process of the browser is left');
    }
  });

  test('pages that cannot be had, or do not come in time, are errors with codes', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const { lines, stderr, points } = await lab.iterate(`
      const page = await browser.newPage();
      const attempt = async (what, run) => {
        try { await run(); console.log(what, 'worked'); } catch (error) { console.log(what, error.name, error.error_code, error instanceof Error); }
      };
      await page.goto('${site.url}/');
      await attempt('script', () => page.evaluate(() => { throw new RangeError('mine'); }));
      await attempt('refused', () => page.goto('http://127.0.0.1:${port}/'));
      await attempt('silent', () => page.goto('${site.url}/silent', { timeout: 300 }));
      await attempt('no element', () => page.locator('#never').click({ timeout: 300 }));
      await attempt('no URL', () => page.goto('nowhere'));
      await page.close();
      await attempt('closed', () => page.title());`);
    for (const line of [
      'refused Error 1212 true',
      'silent TimeoutError 1050 true',
      'no element TimeoutError 1050 true',
      'no URL Error 1000 true',
      'script Error 1000 true',
      'closed Error 1040 true',
    ])
      assert.ok(lines.includes(line), `${line}\n${stderr}`);
    const failed = points.filter(({ metric, tags }) => metric === 'browser_http_req_failed' && tags['status'] === '0');
    assert.deepEqual(
      failed.map(({ tags }) => [tags['error_code'], tags['error']]),
      [['1212', 'net::ERR_CONNECTION_REFUSED']],
    );
    nothingIsLeft();
  });

  test('a page that does not give back control costs its iteration, and the next one has another browser', async () => {
    const { exit, stderr } = await lab.run(
      `export const options = { scenarios: { ui: { executor: 'per-vu-iterations', iterations: 2, options: { browser: { type: 'chromium' } } } } };
       export default async function () {
         const page = await browser.newPage();
         await page.goto('${site.url}/');
         if (__ITER === 0) {
           page.evaluate(() => { while (true); }).catch(() => {});
           throw new Error('I have had enough');
         }
         console.log('title', await page.title());
       }`,
    );
    assert.equal(exit, 0, stderr);
    assert.match(stderr, /I have had enough/);
    assert.match(stderr, /^title Here$/m);
    nothingIsLeft();
  });

  test('a test that is over ends browsers in the middle of what they do', async () => {
    const { exit, stdout, stderr } = await lab.run(
      `export const options = { scenarios: { ui: { executor: 'constant-vus', vus: 2, duration: '4s', gracefulStop: '0s', options: { browser: { type: 'chromium' } } } } };
       export default async function () {
         const page = await browser.newPage();
         await page.goto('${site.url}/');
         await page.evaluate(() => { while (true); });
       }`,
    );
    assert.equal(exit, 0, stderr);
    assert.match(stdout, /2 were interrupted/);
    nothingIsLeft();
  });
});
