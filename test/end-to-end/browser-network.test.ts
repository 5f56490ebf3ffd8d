// Contexts, requests, routes and events of k6/browser, in Chromium, and the options of the network.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { type PageServer, servePages } from '../servers/serve-pages.ts';
import { BrowserLab, expectedOf, type PageCases } from './browser-lab.ts';

const lab = new BrowserLab();
let site: PageServer;
before(async () => {
  site = await servePages({
    '/': '<title>All sorts</title><h1>Heading</h1>',
    '/next': '<title>Next</title><p>next</p>',
    '/data.json': '{"a":[1,{"b":2}]}',
    '/echo': (request, response) => void response.end(JSON.stringify(request.headers)),
  });
});
after(() => {
  site.close();
  lab.remove();
});

/** Runs the cases on the page that stands above. */
async function evaluate(cases: PageCases, options = ''): Promise<void> {
  const { results, stderr } = await lab.evaluate(site.url, cases, options);
  assert.deepEqual(results, expectedOf(cases), stderr);
}

describe('contexts and requests of k6/browser', { skip: NO_BROWSER, concurrency: 1 }, () => {
  test('contexts hold cookies, permissions and what pages are told of the machine', async () => {
    await evaluate(
      {
        agent: [`page.evaluate(() => navigator.userAgent)`, 'mine'],
        locale: [
          `page.evaluate(() => [navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone])`,
          ['de-DE', 'Asia/Tokyo'],
        ],
        screen: [`page.evaluate(() => [innerWidth, devicePixelRatio, 'ontouchstart' in window])`, [640, 2, true]],
        headers: [
          `page.goto(SITE + '/echo').then((response) => response.json()).then((headers) => headers['x-own'])`,
          'yes',
        ],
        cookies: [
          `page.context().addCookies([{ name: 'a', value: '1', url: SITE }, { name: 'b', value: '2', domain: 'other.test', path: '/' }]).then(() => page.context().cookies(SITE)).then((all) => all.map(({ name, value }) => name + value))`,
          ['a1'],
        ],
        sent: [`page.goto(SITE + '/echo').then((response) => response.json()).then(({ cookie }) => cookie)`, 'a=1'],
        cleared: [`page.context().clearCookies().then(() => page.context().cookies()).then((all) => all.length)`, 0],
        'bad cookie': [
          `page.context().addCookies([{ name: 'a' }])`,
          'TypeError: value of item 1 of addCookies() is missing',
        ],
        permissions: [
          `page.context().grantPermissions(['geolocation'], { origin: SITE }).then(() => page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then((p) => p.state)))`,
          'granted',
        ],
        place: [
          `page.context().setGeolocation({ latitude: 48.5, longitude: 2, accuracy: 1 }).then(() => page.evaluate(() => new Promise((r) => navigator.geolocation.getCurrentPosition((p) => r(p.coords.latitude)))))`,
          48.5,
        ],
        'init script': [
          `page.context().addInitScript(() => { window.first = 'mine'; }).then(() => page.goto(SITE + '/next')).then(() => page.evaluate(() => window.first))`,
          'mine',
        ],
        offline: [
          `page.context().setOffline(true).then(() => page.goto(SITE + '/')).catch((error) => error.error_code)`,
          1215,
        ],
        online: [
          `page.context().setOffline(false).then(() => page.goto(SITE + '/')).then((response) => response.status())`,
          200,
        ],
        'one at a time': [
          `browser.newContext()`,
          'Error: existing browser context must be closed before creating a new one',
        ],
        pages: [
          `page.context().newPage().then((other) => [page.context().pages().length, other.context() === browser.context()])`,
          [2, true],
        ],
        'another context': [`browser.closeContext().then(() => [browser.context(), page.isClosed()])`, [null, true]],
        'none to close': [`browser.closeContext()`, 'Error: cannot close context as none is active in browser'],
        fresh: [
          `browser.newPage(devices['iPhone X']).then((other) => other.evaluate(() => [innerWidth > 300, /iPhone/.test(navigator.userAgent)]))`,
          [true, true],
        ],
      },
      `{ userAgent: 'mine', locale: 'de-DE', timezoneID: 'Asia/Tokyo', viewport: { width: 640, height: 480 }, deviceScaleFactor: 2, hasTouch: true, extraHTTPHeaders: { 'x-own': 'yes' } }`,
    );
  });

  test('requests and responses tell, routes change what becomes of them, events are heard', async () => {
    await evaluate({
      response: [
        `page.goto(SITE + '/data.json').then(async (r) => [r.status(), r.statusText(), r.ok(), r.url() === SITE + '/data.json', await r.json(), (await r.text()).length, (await r.body()).byteLength, (await r.serverAddr()).ipAddress, await r.securityDetails(), (await r.headerValue('Content-Type'))])`,
        [200, 'OK', true, true, { a: [1, { b: 2 }] }, 17, 17, '127.0.0.1', null, 'application/json; charset=utf-8'],
      ],
      request: [
        `page.goto(SITE + '/data.json').then(async (r) => [r.request().method(), r.request().resourceType(), r.request().isNavigationRequest(), r.request().postData(), (await r.request().allHeaders())['user-agent'] !== undefined, (await r.request().size()).body, r.request().timing().responseEnd > 0, r.request().failure()])`,
        ['GET', 'document', true, null, true, 0, true, null],
      ],
      fulfil: [
        `page.route('**/made', (route) => route.fulfill({ status: 201, contentType: 'text/plain', headers: { 'x-a': 'b' }, body: 'made' })).then(() => page.goto(SITE + '/made')).then(async (r) => [r.status(), await r.text(), r.headers()['x-a']])`,
        [201, 'made', 'b'],
      ],
      'other keys': [
        `new Promise((resolve) => { page.route('**/other', async (route) => { const refused = await route.fulfill({ path: '/etc/passwd' }).catch((error) => error.message); await route.abort(); resolve(refused); }).then(() => page.evaluate(() => fetch('/other').catch(() => {}))); })`,
        'fulfill() has no option "path": there are body, contentType, headers, status',
      ],
      abort: [
        `page.route(/gone/, (route) => route.abort('connectionrefused')).then(() => page.evaluate(() => fetch('/gone').then((r) => r.status, (error) => error.name)))`,
        'TypeError',
      ],
      'continue with': [
        `page.route('**/echo', (route) => route.continue({ headers: { ...route.request().headers(), 'x-more': '1' } })).then(() => page.goto(SITE + '/echo')).then((r) => r.json()).then((headers) => headers['x-more'])`,
        '1',
      ],
      unroute: [`page.unroute(/gone/).then(() => page.evaluate(() => fetch('/gone').then((r) => r.status)))`, 404],
      'wait for response': [
        `page.goto(SITE + '/').then(() => Promise.all([page.waitForResponse(/data/), page.evaluate(() => fetch('/data.json').then((r) => r.text()))])).then(([r]) => r.status())`,
        200,
      ],
      'wait for request': [
        `Promise.all([page.waitForRequest('**/data.json'), page.evaluate(() => fetch('/data.json', { method: 'POST', body: 'x=1' }).then((r) => r.text()))]).then(([r]) => [r.method(), r.postData()])`,
        ['POST', 'x=1'],
      ],
      'wait for event': [
        `Promise.all([page.waitForEvent('console', { predicate: (m) => m.text() === 'second', timeout: 20000 }), page.evaluate(() => { console.log('first'); console.warn('second', 2); console.warn('second'); })]).then(([m]) => [m.type(), m.text(), m.page() === page])`,
        ['warning', 'second', true],
      ],
      'wait for page': [
        `Promise.all([page.context().waitForEvent('page'), page.evaluate(() => { window.open('/next'); })]).then(async ([other]) => { await other.waitForLoadState(); return [await other.title(), (await other.opener()) === page]; })`,
        ['Next', true],
      ],
      'no event': [
        `page.on('pageerror', () => {})`,
        'TypeError: on(): unknown page on event: "pageerror", must be one of console, request, requestfailed, requestfinished, response, metric',
      ],
      heard: [
        `new Promise((resolve) => { const heard = []; for (const name of ['request', 'response', 'requestfinished']) page.on(name, (subject) => { heard.push(name + ' ' + subject.url().slice(SITE.length)); if (heard.length === 3) resolve(heard.sort()); }); page.evaluate(() => { fetch('/data.json').then((r) => r.text()); }); })`,
        ['request /data.json', 'requestfinished /data.json', 'response /data.json'],
      ],
      'failed request': [
        `new Promise((resolve) => { page.on('requestfailed', (request) => resolve(request.failure().errorText)); page.route('**/never', (route) => route.abort('failed')).then(() => page.evaluate(() => { fetch('/never').catch(() => {}); })); })`,
        'net::ERR_FAILED',
      ],
    });
  });

  test('options of the network hold for pages', async () => {
    const port = new URL(site.url).port;
    const { lines, stderr } = await lab.iterate(
      `const page = await browser.newPage();
       for (const url of ['http://shop.test/', '${site.url}/next', 'http://blocked.test/', 'http://127.0.0.2:${port}/'])
         console.log(url, await page.goto(url).then((response) => response.status(), (error) => error.error_code));
       await page.close();`,
      {},
      [
        '-c',
        lab.scratch.write(
          'network.json',
          JSON.stringify({
            hosts: { 'shop.test': `127.0.0.1:${port}` },
            blockHostnames: ['blocked.test'],
            blacklistIPs: ['127.0.0.2/32'],
          }),
        ),
      ],
    );
    for (const line of [
      'http://shop.test/ 200',
      'http://blocked.test/ 1111',
      `http://127.0.0.2:${port}/ 1110`,
      `${site.url}/next 200`,
    ])
      assert.ok(lines.includes(line), `${line}\n${stderr}`);
  });
});
