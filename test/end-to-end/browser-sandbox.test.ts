// Nothing that k6/browser gives to a script leads out of the script's realm: its objects, what they return, their errors and promises.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { type PageServer, servePages } from '../servers/serve-pages.ts';
import { BrowserLab } from './browser-lab.ts';

const lab = new BrowserLab();
let site: PageServer;
before(async () => {
  site = await servePages({
    '/': '<title>Here</title><h1>Here</h1><iframe src="/inner"></iframe>',
    '/inner': '<p>in</p>',
  });
});
after(() => {
  site.close();
  lab.remove();
});

/** Walks properties, accessors and prototypes, and names what does not end at the realm's own Object.prototype. */
const WALK = `
  const seen = new Set();
  const foreign = [];
  const walk = (path, value, self = value) => {
    if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return;
    if (seen.has(value)) return;
    seen.add(value);
    let end = value;
    for (let up = end; up !== null; up = Reflect.getPrototypeOf(end)) end = up;
    if (end !== Object.prototype && Reflect.ownKeys(end).includes('hasOwnProperty')) { foreign.push(path); return; }
    walk(path + '.__proto__', Reflect.getPrototypeOf(value), self);
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Reflect.getOwnPropertyDescriptor(value, key);
      const name = path + '.' + String(key);
      walk(name, held);
      walk(name + ' get', get);
      walk(name + ' set', set);
      if (get !== undefined) { try { walk(name + '()', Reflect.apply(get, self, [])); } catch (error) { walk(name + ' throws', error); } }
    }
  };`;

describe('the sandbox', { skip: NO_BROWSER, concurrency: 1 }, () => {
  test('every object of a browser, every result and every error belongs to the realm of the script', async () => {
    const { lines, stderr } = await lab.iterate(`
      ${WALK}
      const given = {};
      const page = await browser.newPage();
      page.on('console', function (message) { given.message = message; given.arguments = arguments; });
      page.on('metric', (metric) => { given.metric = metric; });
      page.on('request', (request) => { given.request = request; });
      await page.route(/inner/, (route) => { given.route = route; given.continued = route.continue(); });
      given.response = await page.goto('${site.url}/');
      given.console = await page.evaluate(() => { console.log({ a: 1 }, document.body); });
      const attempts = {
        page, browser, chromium, devices, networkProfiles, context: () => browser.context(), frame: () => page.frames(), locator: () => page.locator('h1'),
        finder: () => page.frameLocator('iframe'), element: () => page.$('h1'), elements: () => page.$$('h1'), box: () => page.locator('h1').boundingBox(),
        handle: () => page.evaluateHandle(() => ({ a: [1] })), properties: async () => (await page.evaluateHandle(() => ({ a: 1, b: document.body }))).getProperties(),
        data: () => page.evaluate(() => [{ a: new Date(1), b: [null, undefined, NaN, 1n], c: /x/g, d: new Error('e'), e: new URL('http://h/'), f: new Map([[1, 2]]), g: new Set([1]), h: new Uint8Array(2) }]),
        bytes: () => page.screenshot(), body: () => given.response.body(), headers: () => given.response.headersArray(), timing: () => given.response.request().timing(),
        address: () => given.response.serverAddr(), cookies: () => page.context().cookies(), size: () => page.viewportSize(), all: () => page.locator('h1').all(),
        timeout: () => page.locator('#never').click({ timeout: 50 }), thrown: () => page.evaluate(() => { throw { a: 1 }; }), wrong: () => page.click(5), init: () => page.evaluate((x) => x, page),
        refused: () => page.goto('http://127.0.0.1:1/'), self: () => page.click.call({}, 'h1'), plain: () => page.locator.call({}, 'h1'), event: () => page.on('none', () => {}), made: () => new page.constructor(),
        proxy: () => page.evaluate((x) => x, new Proxy({ a: 1 }, { get(...all) { walk('trap', all); return 1; }, ownKeys(...all) { walk('trap', all); return ['a']; } })),
      };
      for (const [name, attempt] of Object.entries(attempts)) {
        if (typeof attempt !== 'function') { walk(name, attempt); continue; }
        try { const returned = attempt(); walk(name, returned); walk(name + ' result', await returned); } catch (error) { walk(name + ' throws', error); }
      }
      walk('given', given);
      walk('promise', page.title());
      console.log('FOREIGN ' + JSON.stringify(foreign), seen.size > 400);
      await page.close();`);
    assert.ok(lines.includes('FOREIGN [] true'), stderr);
  });

  test('a script that replaces the iterator and the methods of lists is handed nothing of the host', async () => {
    const { lines, stderr } = await lab.iterate(`
      ${WALK}
      const page = await browser.newPage();
      const names = [Symbol.iterator, 'map', 'push', 'slice', 'filter', 'forEach', 'shift', 'concat'];
      const originals = names.map((name) => Array.prototype[name]);
      const given = [];
      let count = 0;
      const told = new Promise((resolve) => page.on('console', (message) => { if (message.text() === 'heard') resolve('heard'); }));
      const measured = new Promise((resolve) => page.on('metric', resolve));
      for (let i = 0; i < names.length; i++)
        Array.prototype[names[i]] = function () {
          given[count++] = this;
          given[count++] = arguments;
          return Reflect.apply(originals[i], this, arguments);
        };
      await page.goto('${site.url}/');
      await page.evaluate(() => console.log('heard'));
      const text = await told;
      await measured;
      for (let i = 0; i < names.length; i++) Array.prototype[names[i]] = originals[i];
      walk('given', given);
      console.log('FOREIGN ' + JSON.stringify(foreign), text);
      await page.close();`);
    assert.ok(lines.includes('FOREIGN [] heard'), stderr);
  });
});
