// k6/browser in Debian's Chromium, against pages of a local server.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { type PageServer, servePages } from '../servers/serve-pages.ts';
import { BrowserLab } from './browser-lab.ts';

const SHOP = `<!doctype html><title>Shop</title><script src="/app.js"></script>
  <h1>Welcome</h1>
  <form>
    <label>Name <input id="name" placeholder="who"></label>
    <label><input type="checkbox" id="news"> News</label>
    <select id="size"><option value="s">Small</option><option value="l">Large</option></select>
    <input type="file" id="file">
    <button type="button" data-testid="go">Order</button>
  </form>
  <p id="result"></p>
  <iframe name="inner" src="/inner"></iframe>
  <script>
    document.querySelector('button').onclick = () => {
      document.getElementById('result').textContent = [document.getElementById('name').value, document.getElementById('news').checked, document.getElementById('size').value].join(' ');
      console.log('ordered', 1);
      fetch('/orders/17', { method: 'POST', body: 'x' });
    };
  </script>`;

const lab = new BrowserLab();
let site: PageServer;
before(async () => {
  site = await servePages({
    '/': SHOP,
    '/app.js': 'window.loaded = true;',
    '/inner': '<p>inside</p>',
    '/orders/17': (_request, response) => void response.writeHead(503).end('{}'),
    '/moved': (_request, response) => void response.writeHead(302, { location: '/' }).end(),
  });
});
after(() => {
  site.close();
  lab.remove();
});

describe('k6/browser', { skip: NO_BROWSER, concurrency: 1 }, () => {
  test('a page is opened, filled in and read; its requests and web vitals are measured', async () => {
    const { exit, stdout, stderr, lines, points } = await lab.iterate(`
      const page = await browser.newPage();
      page.on('console', (message) => console.log('page says', message.type(), message.text()));
      page.on('metric', (metric) => metric.tag({ name: '/orders/{id}', matches: [{ url: /orders\\/\\d+$/, method: 'POST' }] }));
      exec.vu.metrics.tags.part = 'entrance';
      const response = await page.goto('${site.url}/moved');
      check(response, { 'it is there': (r) => r.status() === 200 });
      await page.getByLabel('Name').fill('Ann');
      await page.locator('#news').check();
      await page.locator('#size').selectOption('l');
      const answered = page.waitForResponse(/orders/);
      await page.getByRole('button', { name: 'Order' }).click();
      console.log('result', await page.locator('#result').textContent(), (await answered).status());
      console.log('evaluated', JSON.stringify(await page.evaluate(({ a }) => [a, document.title, window.loaded], { a: 1 })));
      await page.screenshot({ path: 'shots/shop.png' });
      await page.close();`);
    assert.equal(exit, 0, stderr);
    assert.ok(lines.includes('page says log ordered 1'), stderr);
    assert.ok(lines.includes('result Ann true l 503'), stderr);
    assert.ok(lines.includes('evaluated [1,"Shop",true]'), stderr);
    const shot = path.join(lab.scratch.folder, 'shots/shop.png');
    assert.ok(existsSync(shot) && readFileSync(shot).subarray(1, 4).toString() === 'PNG');
    const requests = points.filter(({ metric }) => metric === 'browser_http_req_duration');
    const shown = requests.map(({ tags }) => `${tags['method']} ${tags['name']} ${tags['status']}`);
    for (const wanted of [
      `GET ${site.url}/moved 302`,
      `GET ${site.url}/ 200`,
      `GET ${site.url}/app.js 200`,
      `GET ${site.url}/inner 200`,
      'POST /orders/{id} 503',
    ])
      assert.equal(shown.filter((line) => line === wanted).length, 1, `${wanted}\n${shown.join('\n')}`);
    const document = requests.find(({ tags }) => tags['url'] === `${site.url}/` && tags['status'] === '200');
    const { resource_type, from_cache, from_service_worker, from_prefetch_cache, proto, scenario, group, part } =
      document?.tags ?? {};
    assert.deepEqual(
      { resource_type, from_cache, from_service_worker, from_prefetch_cache, proto, scenario, group, part },
      {
        resource_type: 'Document',
        from_cache: 'false',
        from_service_worker: 'false',
        from_prefetch_cache: 'false',
        proto: 'http/1.1',
        scenario: 'ui',
        group: '',
        part: 'entrance',
      },
    );
    const failed = points.filter(({ metric, value }) => metric === 'browser_http_req_failed' && value === 1);
    assert.ok(failed.some(({ tags }) => tags['name'] === '/orders/{id}'));
    for (const metric of ['browser_data_sent', 'browser_data_received'])
      assert.ok(
        points.some((point) => point.metric === metric && point.value > 0 && point.tags['url'] === `${site.url}/`),
      );
    for (const vital of ['ttfb', 'fcp', 'lcp', 'cls', 'inp']) {
      const found = points.filter(({ metric }) => metric === `browser_web_vital_${vital}`);
      assert.equal(found.length, 1, `${vital}: ${JSON.stringify(found)}`);
      assert.equal(found[0]?.tags['url'], `${site.url}/`);
      assert.match(found[0]?.tags['rating'] ?? '', /^(?:good|needs-improvement|poor)$/);
    }
    assert.match(stdout, /\n {4}BROWSER\n {4}browser_data_received[\s\S]*\n {4}WEB_VITALS\n {4}browser_web_vital_cls/);
    assert.deepEqual([lab.profiles, lab.processes], [[], []]);
  });
});
