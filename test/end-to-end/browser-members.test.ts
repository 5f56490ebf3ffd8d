// What the objects of k6/browser have and do, in Chromium: each group of members in one iteration.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NO_BROWSER } from '../servers/open-browser.ts';
import { type PageServer, servePages } from '../servers/serve-pages.ts';
import { BrowserLab, expectedOf, type PageCases } from './browser-lab.ts';
import { BROWSER_SURFACE } from './browser-surface.ts';

const PAGE = `<!doctype html><title>All sorts</title>
  <h1 title="heading">Heading</h1>
  <img alt="picture" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">
  <button id="b" ondblclick="this.dataset.twice = 1" onmouseover="this.dataset.over = 1" data-testid="press">Press</button>
  <input id="text" placeholder="type here" onkeydown="window.keys = (window.keys ?? '') + event.key">
  <input id="off" disabled><input id="check" type="checkbox"><input id="files" type="file" multiple>
  <label>Colour <select id="colour" multiple><option value="r">Red</option><option value="g">Green</option></select></label>
  <div id="hidden" style="display:none">hidden</div>
  <ul><li>one</li><li>two</li><li class="last">three</li></ul>
  <div id="far" style="margin-top:3000px">far</div>
  <iframe name="inner" src="/inner"></iframe>`;

/** One array of each kind that goes to a page and back. */
const NUMBER_ARRAYS = `${[
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
]
  .map((kind) => `new ${kind}([1.5, 2])`)
  .join(', ')}, new BigInt64Array([-7n]), new BigUint64Array([7n])`;
const SHOWN_NUMBER_ARRAYS = [
  ...['Int8Array', 'Uint8Array'].map((kind) => [kind, [1, 2]]),
  ['Uint8ClampedArray', [2, 2]],
  ...['Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'].map((kind) => [kind, [1, 2]]),
  ['Float32Array', [1.5, 2]],
  ['Float64Array', [1.5, 2]],
  ['BigInt64Array', [-7]],
  ['BigUint64Array', [7]],
];

const lab = new BrowserLab();
let site: PageServer;
before(async () => {
  site = await servePages({
    '/': PAGE,
    '/inner': '<p id="p">inside</p>',
    '/next': '<title>Next</title><p>next</p>',
    '/data.json': '{"a":[1,{"b":2}]}',
    '/worker': `<title>Worker</title><script>new Worker('/worker.js')</script>`,
    '/worker.js': 'self.x = 1;',
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

describe('members of k6/browser', { skip: NO_BROWSER, concurrency: 1 }, () => {
  test('every object has the members of its page in the documentation', async () => {
    const looks = BROWSER_SURFACE.map(
      ({ of, names }) => `look(${JSON.stringify(of)}, ${JSON.stringify(names)}, await (async () => (${of}))());`,
    );
    const { lines, stderr } = await lab.iterate(`
      const look = (of, names, object) => {
        const absent = Object(object) === object ? names.split(' ').filter((name) => !(name in object)) : ['all of it'];
        if (absent.length > 0) console.log('LACKS ' + of + ': ' + absent.join(' '));
      };
      const page = await browser.newPage();
      const events = {};
      page.on('request', (request) => { events.request = request; });
      page.on('console', (message) => { events.console = message; });
      page.on('metric', (metric) => { events.metric = metric; });
      await page.route(/never-asked/, () => {});
      let route;
      await page.route(/data\\.json/, async (given) => { route = given; await given.continue(); });
      const response = await page.goto('${site.url}/');
      await page.evaluate(() => { console.log('x'); return fetch('/data.json').then((r) => r.text()); });
      const worked = await browser.context().newPage();
      await worked.goto('${site.url}/worker');
      await worked.waitForFunction(() => performance.getEntriesByName(location.origin + '/worker.js').length > 0);
      ${looks.join('\n')}
      console.log('LOOKED');
      await page.close();`);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('LACKS')),
      [],
      stderr,
    );
    assert.ok(lines.includes('LOOKED'), stderr);
  });

  test('locators find, act and tell', async () => {
    await evaluate({
      count: [`page.locator('li').count()`, 3],
      nth: [`page.locator('li').nth(1).textContent()`, 'two'],
      first: [`page.locator('li').first().innerText()`, 'one'],
      last: [`page.locator('li').last().getAttribute('class')`, 'last'],
      all: [
        `page.locator('li').all().then((all) => Promise.all(all.map((one) => one.textContent())))`,
        ['one', 'two', 'three'],
      ],
      filter: [`page.locator('li').filter({ hasText: /^t/ }).count()`, 2],
      'has not text': [`page.locator('li', { hasNotText: 'two' }).count()`, 2],
      strict: [
        `page.locator('li').click({ timeout: 500 }).catch((error) => /strict mode violation/.test(error.message))`,
        true,
      ],
      role: [`page.getByRole('heading', { name: 'Heading', level: 1 }).count()`, 1],
      text: [`page.getByText('thr').count()`, 1],
      exact: [`page.getByText('thr', { exact: true }).count()`, 0],
      alt: [`page.getByAltText(/pic/).count()`, 1],
      title: [`page.getByTitle('heading').count()`, 1],
      placeholder: [`page.getByPlaceholder('type').count()`, 1],
      'test id': [`page.getByTestId('press').count()`, 1],
      label: [`page.getByLabel('Colour').count()`, 1],
      fill: [`page.locator('#text').fill('abc').then(() => page.locator('#text').inputValue())`, 'abc'],
      clear: [`page.locator('#text').clear().then(() => page.locator('#text').inputValue())`, ''],
      type: [`page.locator('#text').type('xy').then(() => page.locator('#text').inputValue())`, 'xy'],
      press: [`page.locator('#text').press('Backspace').then(() => page.locator('#text').inputValue())`, 'x'],
      sequentially: [
        `page.locator('#text').pressSequentially('z').then(() => page.locator('#text').inputValue())`,
        'xz',
      ],
      hover: [`page.locator('#b').hover().then(() => page.locator('#b').getAttribute('data-over'))`, '1'],
      dblclick: [`page.locator('#b').dblclick().then(() => page.locator('#b').getAttribute('data-twice'))`, '1'],
      select: [`page.locator('#colour').selectOption(['r', { label: 'Green' }])`, ['r', 'g']],
      checked: [`page.locator('#check').setChecked(true).then(() => page.locator('#check').isChecked())`, true],
      unchecked: [`page.locator('#check').uncheck().then(() => page.locator('#check').isChecked())`, false],
      states: [
        `Promise.all([page.locator('#off').isDisabled(), page.locator('#off').isEnabled(), page.locator('#text').isEditable(), page.locator('#hidden').isHidden(), page.locator('#hidden').isVisible()])`,
        [true, false, true, true, false],
      ],
      viewport: [
        `Promise.all([page.locator('h1').isInViewport(), page.locator('#far').isInViewport()])`,
        [true, false],
      ],
      files: [
        `page.locator('#files').setInputFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: new Uint8Array([104, 105]).buffer }, { name: 'b.txt', mimeType: 'text/plain', buffer: 'aGE=' }]).then(() => page.evaluate(async () => Promise.all([...document.getElementById('files').files].map(async (f) => f.name + await f.text()))))`,
        ['a.txthi', 'b.txtha'],
      ],
      evaluate: [`page.locator('h1').evaluate((element, more) => element.tagName + more, '!')`, 'H1!'],
      box: [`page.locator('#hidden').boundingBox()`, null],
      frame: [`page.frameLocator('iframe').locator('#p').textContent()`, 'inside'],
      'content frame': [`page.locator('iframe').contentFrame().getByText('inside').count()`, 1],
      event: [
        `page.locator('#b').dispatchEvent('mouseover').then(() => page.locator('#b').getAttribute('data-over'))`,
        '1',
      ],
      'wait for': [`page.locator('#hidden').waitFor({ state: 'attached' })`, 'undefined'],
      late: [
        `page.locator('#never').waitFor({ timeout: 200 }).catch((error) => [error.name, error.error_code])`,
        ['TimeoutError', 1050],
      ],
    });
  });

  test('pages, frames and handles evaluate, navigate and wait', async () => {
    await evaluate({
      expression: [`page.evaluate('1 + document.querySelectorAll("li").length')`, 4],
      'function as text': [`page.evaluate('(a) => a * 2', 21)`, 42],
      values: [
        `page.evaluate((given) => ({ ...given, when: given.when.getTime(), none: null, list: [1, 'a', [true]] }), { when: new Date(5), pattern: 'x' })`,
        { when: 5, pattern: 'x', none: null, list: [1, 'a', [true]] },
      ],
      'arrays of numbers, to a page': [
        `page.evaluate((given) => given.map((one) => [one.constructor.name, [...one].map(Number)]), [${NUMBER_ARRAYS}])`,
        SHOWN_NUMBER_ARRAYS,
      ],
      'arrays of numbers, from a page': [
        `page.evaluate(() => [${NUMBER_ARRAYS}]).then((all) => all.map((one) => [one instanceof globalThis[one.constructor.name] && one.constructor.name, [...one].map(Number)]))`,
        SHOWN_NUMBER_ARRAYS,
      ],
      'a part of an array': [
        `page.evaluate((a) => [a.constructor.name, ...a], new Float64Array([1, 2.5, 3]).subarray(1))`,
        ['Float64Array', 2.5, 3],
      ],
      buffer: [`page.evaluate((b) => [b.constructor.name, b[1]], new Uint8Array([1, 2]).buffer)`, ['Uint8Array', 2]],
      'a cycle': [
        `page.evaluate(() => { const a = { list: [1] }; a.self = a; a.list.push(a.list); return a; }).then((a) => [a.self === a, a.list[1] === a.list, a.list[0]])`,
        [true, true, 1],
      ],
      method: [`page.evaluate({ read() { return document.title; } }.read)`, 'All sorts'],
      async: [`page.evaluate(async () => { await new Promise((r) => setTimeout(r, 5)); return 'later'; })`, 'later'],
      'wrong argument': [
        `page.evaluate((f) => f, () => {})`,
        'TypeError: evaluate() holds a function, which cannot be given to a page',
      ],
      'no function': [`page.evaluate(5)`, 'TypeError: evaluate() takes a function or text, not number'],
      handle: [`page.evaluateHandle(() => ({ a: 1 })).then((handle) => handle.jsonValue())`, { a: 1 }],
      properties: [
        `page.evaluateHandle(() => ({ a: 1, b: 2 })).then((handle) => handle.getProperties()).then((map) => map instanceof Map && [...map.keys()])`,
        ['a', 'b'],
      ],
      element: [`page.$('h1').then((element) => page.evaluate((given) => given.textContent, element))`, 'Heading'],
      elements: [`page.$$('li').then((all) => all.length)`, 3],
      none: [`page.$('#never')`, null],
      'handle acts': [
        `page.$('#text').then(async (e) => { await e.fill('q'); await e.selectText(); await e.type('w'); return e.inputValue(); })`,
        'w',
      ],
      'inner frame': [`page.frames().find((frame) => frame.name() === 'inner').locator('p').textContent()`, 'inside'],
      'frame element': [`page.frames()[1].frameElement().then((element) => element.getAttribute('name'))`, 'inner'],
      'same object': [
        `page.mainFrame() === page.mainFrame() && page.mainFrame().page() === page && page.context().browser() === browser`,
        true,
      ],
      'wait for function': [
        `page.evaluate(() => { setTimeout(() => { window.done = 7; }, 50); }).then(() => page.waitForFunction((min) => window.done > min && window.done, { polling: 'raf', timeout: 20000 }, 6)).then((handle) => handle.jsonValue())`,
        7,
      ],
      keyboard: [
        `page.focus('#text').then(() => page.keyboard.press('K')).then(() => page.evaluate(() => window.keys.at(-1)))`,
        'K',
      ],
      mouse: [
        `page.locator('#b').boundingBox().then(({ x, y }) => page.mouse.dblClick(x + 2, y + 2)).then(() => page.locator('#b').getAttribute('data-twice'))`,
        '1',
      ],
      'screenshot bytes': [
        `page.screenshot({ type: 'jpeg' }).then((bytes) => bytes instanceof ArrayBuffer && new Uint8Array(bytes)[0])`,
        255,
      ],
      viewport: [
        `page.setViewportSize({ width: 500, height: 400 }).then(() => [page.viewportSize(), page.isClosed()])`,
        [{ width: 500, height: 400 }, false],
      ],
      media: [
        `page.emulateMedia({ colorScheme: 'dark' }).then(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))`,
        true,
      ],
      vision: [`page.emulateVisionDeficiency('achromatopsia')`, 'undefined'],
      cpu: [`page.throttleCPU({ rate: 1 })`, 'undefined'],
      network: [`page.throttleNetwork(networkProfiles['No Throttling'])`, 'undefined'],
      'unfit options': [
        `page.goto(SITE, { waitUntil: 'soon' })`,
        'TypeError: waitUntil of goto() must be one of load, domcontentloaded, networkidle, not "soon"',
      ],
      'no selector': [`page.click()`, 'TypeError: click() must be text, not undefined'],
      navigation: [
        `Promise.all([page.waitForNavigation({ url: /next/ }), page.evaluate((to) => { location.href = to; }, SITE + '/next')]).then(([response]) => [response.status(), page.url() === SITE + '/next'])`,
        [200, true],
      ],
      back: [`page.goBack().then(() => page.title())`, 'All sorts'],
      forward: [`page.goForward().then(() => page.waitForURL('**/next')).then(() => page.title())`, 'Next'],
      reload: [`page.reload({ waitUntil: 'domcontentloaded' }).then((response) => response.ok())`, true],
      content: [
        `page.setContent('<p>mine</p>').then(() => page.content()).then((text) => text.includes('<p>mine</p>'))`,
        true,
      ],
    });
  });
});
