// Responses as pages: what html(), submitForm() and clickLink() make of them, against a real server.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import type { Options } from '../../options/options.ts';

let server: http.Server;
let base = '';

const PAGES: Readonly<Record<string, string>> = {
  '/page': `<form id="search" action="/find?old=1#top"><input name="q" value="a b"><input type="checkbox" name="on" checked><select name="many" multiple><option selected>1<option selected>2</select></form>
    <form id="here" method="post"><input name="x" value="1"><button type="submit" name="go" value="now">Go</button></form>
    <form id="moved" method="post" action="moved"><input name="x" value="1"></form><form id="bad" action="//[">no</form>
    <a href="sub/next?p=2">next</a><a id="whole" href="HTTP://${'HOST'}/a b">whole</a><a id="none">none</a>`,
  '/empty': '',
};

before(async () => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      if (path === '/moved') {
        response.writeHead(302, { location: '/echo', 'set-cookie': 'seen=1' }).end();
        return;
      }
      const page = PAGES[path];
      if (page !== undefined && request.method === 'GET') response.setHeader('set-cookie', 'page=1');
      response.end(
        page !== undefined && request.method === 'GET'
          ? page.replace('HOST', request.headers.host ?? '')
          : JSON.stringify({ method: request.method, url: request.url, body, cookie: request.headers.cookie ?? '' }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** Runs the body of a default function with `page`, the response of `/page`. */
async function run(body: string, options: Partial<Options> = {}): Promise<{ result: unknown; bench: ScriptBench }> {
  const bench = await createScriptBench(
    `import http from 'k6/http';
     import { check } from 'k6';
     const base = '${base}';
     export default function () { const page = http.get(base + '/page'); ${body} }`,
    options,
  );
  return { result: await bench.run(), bench };
}

test('a form of GET replaces the query of its action and sends all its values', async () => {
  const { result } = await run(`return page.submitForm({ fields: { extra: 'x&y' } }).json();`);
  assert.deepEqual(result, {
    method: 'GET',
    url: '/find?extra=x%26y&many=1&many=2&on=on&q=a+b',
    body: '',
    cookie: 'page=1',
  });
});

test('a form without an action goes to its page, with its button', async () => {
  const { result } = await run(`return page.submitForm({ formSelector: '#here' }).json();`);
  assert.deepEqual(result, { method: 'POST', url: '/page', body: 'go=now&x=1', cookie: 'page=1' });
});

test('a submission follows redirects, keeps cookies and takes params, as any request', async () => {
  const { result, bench } = await run(`
    const r = page.submitForm({ formSelector: '#moved', params: { tags: { kind: 'form' } } });
    return [r.url, r.json(), page.submitForm({ formSelector: '#moved', params: { redirects: 0 } }).status];`);
  assert.deepEqual(result, [`${base}/echo`, { method: 'GET', url: '/echo', body: '', cookie: 'page=1; seen=1' }, 302]);
  assert.deepEqual(
    bench.samples
      .filter(({ metric, tags }) => metric === 'http_reqs' && tags['kind'] === 'form')
      .map(({ tags }) => [tags['method'], tags['status'], tags['url']]),
    [
      ['POST', '302', `${base}/moved`],
      ['GET', '200', `${base}/echo`],
    ],
  );
});

test('a link is followed from the page it is on; a whole URL is only escaped', async () => {
  const { result } = await run(`
    return [page.clickLink().json('url'), page.clickLink({ selector: '#whole', params: { headers: { 'X-A': '1' } } }).url.endsWith('/a%20b')];`);
  assert.deepEqual(result, ['/sub/next?p=2', true]);
});

test('what the page does not have is named, and no request is made', async () => {
  const { result, bench } = await run(`
    const failure = (fn) => { try { fn(); } catch (e) { return e.message.replaceAll(base, ''); } };
    return [
      failure(() => page.submitForm({ formSelector: '#no' })), failure(() => page.clickLink({ selector: 'a.no' })),
      failure(() => page.clickLink({ selector: '#none' })), failure(() => page.submitForm({ formSelector: '#bad' })), failure(() => page.submitForm('x')),
    ];`);
  assert.deepEqual(result, [
    "no form found for selector '#no' in response '/page'",
    "no element found for selector 'a.no' in response '/page'",
    "the element found for selector '#none' in response '/page' has no href",
    "the page '/page' leads to '//[', which is no URL",
    'submitForm() takes an object, not string',
  ]);
  assert.equal(bench.samples.filter(({ metric }) => metric === 'http_reqs').length, 1);
});

test('html() needs a body, reads bytes too, and sees a body that the script has put there', async () => {
  const { result } = await run(`
    const none = http.get(base + '/page', { responseType: 'none' });
    const bytes = http.get(base + '/page', { responseType: 'binary' });
    let message;
    try { none.html(); } catch (e) { message = e.message; }
    const before = page.html('a').size();
    page.body = '<a>';
    return [message, bytes.html('form').size(), http.get(base + '/empty').html().text(), before, page.html('a').size(), page.html('b').end().find('a').size()];`);
  assert.deepEqual(result, [
    'the body is null, so there is no page in it: the request failed, or its responseType is none',
    4,
    '',
    3,
    1,
    1,
  ]);
});

test('pages can be used where a callback waits', async () => {
  const { result } = await run(`
    return [
      check(page, { 'link works': (r) => r.clickLink().status === 200 }),
      page.html('a').map((i, a) => (a.attr('href') ? page.clickLink({ selector: 'a:nth-of-type(' + (i + 1) + ')' }).status : 0)),
    ];`);
  assert.deepEqual(result, [true, [200, 200, 0]]);
});
