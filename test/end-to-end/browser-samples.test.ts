// Whose the samples of browsers are, and what they are named: pages beside each other, users of one browser, frames, workers, the end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { startOwnBrowser } from '../servers/own-browser.ts';
import { type PageServer, servePages } from '../servers/serve-pages.ts';
import { BrowserLab, type Point } from './browser-lab.ts';

const lab = new BrowserLab();
let site: PageServer;
before(async () => {
  site = await servePages({
    '/plain': '<title>done</title><h1>plain</h1>',
    '/parts': `<script>
      const frame = document.createElement('iframe');
      frame.src = 'http://localhost:' + location.port + '/inner';
      const framed = new Promise((resolve) => { frame.onload = resolve; });
      document.documentElement.append(frame);
      const worker = new Worker('/worker.js');
      const worked = new Promise((resolve) => { worker.onmessage = resolve; });
      Promise.all([framed, worked]).then(() => { document.title = 'done'; });
    </script>`,
    '/inner': '<p>inner</p>',
    '/worker.js': `fetch('/asked.json').then((response) => response.text()).then(() => postMessage(1));`,
    '/asked.json': '{}',
    '/served': `<script>
      navigator.serviceWorker.register('/service.js');
      const controlled = new Promise((resolve) => { navigator.serviceWorker.oncontrollerchange = resolve; });
      controlled.then(() => fetch('/through.json')).then((response) => response.text()).then(() => { document.title = 'done'; });
    </script>`,
    '/service.js': `oninstall = () => skipWaiting();
      onactivate = (event) => event.waitUntil(clients.claim());
      onfetch = (event) => event.respondWith(fetch(event.request));`,
    '/through.json': '{}',
  });
});
after(() => {
  site.close();
  lab.remove();
});

/** Each request's name, in order. */
function requestsOf(points: readonly Point[]): string[] {
  return points
    .filter(({ metric }) => metric === 'browser_http_req_failed')
    .map(({ tags }) => (tags['name'] ?? '').replace(/^http:\/\/(127\.0\.0\.1|localhost):\d+/, ''))
    .sort();
}

const vitalNames = (points: readonly Point[]): string[] => [
  ...new Set(
    points.filter(({ metric }) => metric.startsWith('browser_web_vital_')).map(({ tags }) => tags['name'] ?? ''),
  ),
];

const DONE = `await page.waitForFunction(() => document.title === 'done');`;

describe('samples of browsers', { skip: NO_BROWSER, concurrency: 1 }, () => {
  test('handlers of one page name what is measured of it, and of no other', async () => {
    const { exit, stderr, points } = await lab.iterate(`
      const named = await browser.newPage();
      const other = await browser.context().newPage();
      named.on('metric', (metric) => metric.tag({ name: 'named', matches: [{ url: /plain/ }] }));
      await named.goto('${site.url}/plain');
      await other.goto('${site.url}/plain');
      await other.close();
      await named.close();`);
    assert.equal(exit, 0, stderr);
    assert.deepEqual(requestsOf(points), ['/plain', 'named'], stderr);
    assert.deepEqual(vitalNames(points).sort(), [`${site.url}/plain`, 'named'].sort());
  });

  test('web vitals of a page that the iteration leaves open are there, with the name of their page', async () => {
    const { exit, stderr, points } = await lab.iterate(`
      const page = await browser.newPage();
      page.on('metric', (metric) => metric.tag({ name: 'named', matches: [{ url: /plain/ }] }));
      await page.goto('${site.url}/plain');
      // What has come from the page after it was drawn has come before this.
      await page.evaluate(() => new Promise((resolve) => {
        new PerformanceObserver(() => requestAnimationFrame(() => setTimeout(resolve, 100))).observe({ type: 'largest-contentful-paint', buffered: true });
      }));`);
    assert.equal(exit, 0, stderr);
    assert.ok(
      points.some(({ metric }) => metric === 'browser_web_vital_lcp'),
      stderr,
    );
    assert.deepEqual(vitalNames(points), ['named']);
  });

  test('documents of frames of other sites and scripts of workers are measured', async () => {
    const { exit, stderr, points } = await lab.iterate(`
      const page = await browser.newPage();
      await page.goto('${site.url}/parts');
      ${DONE}
      await page.close();`);
    assert.equal(exit, 0, stderr);
    assert.deepEqual(requestsOf(points), ['/asked.json', '/inner', '/parts', '/worker.js'], stderr);
  });

  test('a request that a service worker answers is one', async () => {
    const { exit, stderr, points } = await lab.iterate(`
      const page = await browser.newPage();
      await page.goto('${site.url}/served');
      ${DONE}
      await page.close();`);
    assert.equal(exit, 0, stderr);
    assert.equal(requestsOf(points).filter((name) => name === '/through.json').length, 1, stderr);
  });

  test('users of one browser measure each their own', async () => {
    const own = await startOwnBrowser(lab.temporary);
    try {
      const { exit, stderr, points } = await lab.iterate(
        `const page = await browser.newPage();
         await page.goto('${site.url}/plain');
         await page.close();`,
        { K6_BROWSER_WS_URL: own.endpoint },
        [],
        `{ executor: 'per-vu-iterations', vus: 3, iterations: 1, options: { browser: { type: 'chromium' } } }`,
      );
      assert.equal(exit, 0, stderr);
      assert.deepEqual(requestsOf(points), ['/plain', '/plain', '/plain'], stderr);
    } finally {
      await own.end();
    }
  });
});
