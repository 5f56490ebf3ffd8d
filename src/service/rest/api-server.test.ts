// The door of the API itself: methods, kinds of content, the query, names of hosts, what every answer bears.
import assert from 'node:assert/strict';
import http, { type IncomingHttpHeaders } from 'node:http';
import { after, before, test } from 'node:test';
import type { Project } from '../api/documents.ts';
import { ServiceUnderTest } from '../service-under-test.fixture.ts';

let service: ServiceUnderTest;
let project: Project;
let made: string;
before(async () => {
  service = await ServiceUnderTest.start();
  project = await service.project('Door');
  made = (await service.admin.makeTest(project.id, 'one', 'export default function () {}')).id;
});
after(() => service.stop());

/** As no client of a person's would: with whatever headers. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  const { admin } = service;
  const { hostname, port } = new URL(admin.url);
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: hostname,
      port,
      method,
      path: `/api/v1${path}`,
      headers: { cookie: admin.cookie!, 'x-csrf-token': admin.csrf!, ...headers },
      agent: false,
    });
    request.on('error', reject).on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    request.end(body);
  });
}

test('a place says which methods it takes, and to every other one that it takes these', async () => {
  for (const [method, path, allowed] of [
    ['PUT', '/projects', 'GET, HEAD, POST'],
    ['OPTIONS', '/projects', 'GET, HEAD, POST'],
    ['DELETE', '/health', 'GET, HEAD'],
    ['GET', `/runs/x/orders`, 'POST'],
    ['HEAD', `/runs/x/events`, 'GET'],
    ['HEAD', `/sign-in/start`, 'GET'],
  ] as const) {
    const { status, headers } = await send(method, path);
    assert.deepEqual([status, headers.allow], [405, allowed], `${method} ${path}`);
  }
});

test('HEAD says what GET would say, without its content', async () => {
  for (const path of ['/health', `/projects/${project.id}`, `/tests/${made}/versions/1/file`, '/projects/none']) {
    const [head, get] = [await send('HEAD', path), await send('GET', path)];
    assert.equal(head.status, get.status, path);
    assert.equal(head.text, '');
    for (const name of ['content-type', 'content-length', 'content-disposition'])
      assert.equal(head.headers[name], get.headers[name], `${path}: ${name}`);
  }
  const { status } = await send('HEAD', `/projects/${project.id}`, { cookie: '' });
  assert.equal(status, 401, 'it is no way around rights');
});

test('what there is not is said in the form of all problems', async () => {
  for (const path of ['/nothing', '/projects/', '/runs/x/y/z']) {
    const { status, headers, text } = await send('GET', path);
    assert.equal(status, 404, path);
    assert.match(headers['content-type']!, /^application\/problem\+json/);
    const { type, title, status: said, detail } = JSON.parse(text);
    assert.deepEqual([type, said], ['urn:sixfold:problem:missing', 404]);
    assert.ok(title !== '' && detail !== '');
  }
});

test('a query that says something twice is refused, by each route that would have to choose', async () => {
  const tests = `/projects/${project.id}/tests`;
  const runs = `/projects/${project.id}/runs`;
  for (const [method, path, name] of [
    ['GET', `${tests}?search=a&search=b`, 'search'],
    ['GET', `${tests}?name=a&name=b`, 'name'],
    ['GET', `${tests}?limit=1&limit=2`, 'limit'],
    ['GET', `${runs}?state=passed&state=failed`, 'state'],
    ['GET', `${runs}?test=a&test=b`, 'test'],
    ['GET', `/projects/${project.id}/schedules?test=a&test=b`, 'test'],
    ['GET', `/tests/${made}/trend?limit=1&limit=2`, 'limit'],
    ['POST', `/tests/${made}/versions?file=a.js&file=b.js`, 'file'],
    ['POST', `/projects/${project.id}/check?file=a.js&file=b.js`, 'file'],
  ] as const) {
    const { status, text } = await send(method, path, { 'content-type': 'application/octet-stream' });
    assert.equal(status, 400, `${path}: ${text}`);
    assert.equal(JSON.parse(text).detail, `"${name}" stands more than once in the address`);
  }
  assert.equal((await send('GET', `${tests}?unknown=1&unknown=2`)).status, 200, 'what nobody reads is no mistake');
});

test('a body is JSON where JSON is wanted, and octets where octets are', async () => {
  const json = JSON.stringify({ name: 'Typed' });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
    const { status, text } = await send('POST', '/projects', { 'content-type': type }, json);
    assert.deepEqual([status, JSON.parse(text).type], [415, 'urn:sixfold:problem:media-type'], type);
  }
  for (const type of ['application/json', 'application/json; charset=utf-8', 'application/merge-patch+json']) {
    const { status } = await send('PATCH', `/projects/${project.id}`, { 'content-type': type }, '{"name":"Door"}');
    assert.equal(status, 200, type);
  }
  const upload = await send('POST', `/tests/${made}/versions`, { 'content-type': 'application/json' }, '{}');
  assert.equal(upload.status, 415);
  assert.match(JSON.parse(upload.text).detail, /send the file as it is, as content-type: application\/octet-stream/);
});

test('a body that is no JSON, or none at all, is told apart from one that lacks something', async () => {
  const post = (body: string) => send('POST', '/projects', { 'content-type': 'application/json' }, body);
  assert.match(JSON.parse((await post('{"name":')).text).detail, /^the body is no JSON: /);
  for (const body of ['', '{}']) {
    const { status, text } = await post(body);
    assert.equal(status, 400);
    assert.match(JSON.parse(text).detail, /name/);
  }
  const nameless = await send('POST', '/projects');
  assert.equal(nameless.status, 400, 'nor is a request without a body and its kind a failure');
});

test('each part of a body that is wrong is named, and so is one that there is not', async () => {
  const { status, text } = await send(
    'POST',
    '/projects',
    { 'content-type': 'application/json' },
    JSON.stringify({ name: 5, slug: 'A B', maxVus: 'x', colour: 'red', allowedTargets: ['a', 7] }),
  );
  assert.equal(status, 400);
  const { errors } = JSON.parse(text) as { errors: { path: string; message: string }[] };
  const paths = errors.map(({ path }) => path);
  for (const path of ['name', 'slug', 'maxVus', 'allowedTargets.1']) assert.ok(paths.includes(path), path);
  assert.ok(errors.some(({ message }) => message === 'there is no "colour"'));
});

test('a body beyond the limit is refused, by JSON and by upload', async () => {
  const json = JSON.stringify({ name: 'x'.repeat(3 * 1024 * 1024) });
  const large = await send('POST', '/projects', { 'content-type': 'application/json' }, json);
  assert.deepEqual([large.status, JSON.parse(large.text).type], [413, 'urn:sixfold:problem:too-large']);
  // It says so by its length alone: nothing of it has to be sent.
  const claimed = await send('POST', `/tests/${made}/versions`, {
    'content-type': 'application/octet-stream',
    'content-length': String(51 * 1024 * 1024),
  }).catch((error: NodeJS.ErrnoException) => error);
  if (claimed instanceof Error) assert.match(String(claimed.code), /ECONNRESET|EPIPE/);
  else assert.equal(claimed.status, 413);
});

test('a name that somebody has pointed at this machine leads to nothing', async () => {
  for (const host of ['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example'])
    assert.equal((await send('GET', '/health', { host })).status, 403, host);
  for (const host of ['localhost', '127.0.0.1:1', '[::1]:9', 'LOCALHOST:1'])
    assert.equal((await send('GET', '/health', { host })).status, 200, host);
});

test('pages of other sites may not use it, whatever they ask for', async () => {
  const own = new URL(service.service.url).host;
  for (const origin of ['https://evil.example', 'null', 'http://localhost:1', `http://${own}.evil.example`])
    for (const method of ['GET', 'POST']) {
      const { status } = await send(method, '/projects', { origin });
      assert.equal(status, 403, `${method} from ${origin}`);
    }
  assert.equal((await send('GET', '/projects', { origin: `http://${own}` })).status, 200);
});

test('a session changes nothing without its CSRF token, and a token needs none', async () => {
  const change = (headers: Record<string, string>) =>
    send('PATCH', `/projects/${project.id}`, { 'content-type': 'application/json', ...headers }, '{"name":"Door"}');
  for (const token of ['', 'wrong', `${service.admin.csrf}x`])
    assert.equal((await change({ 'x-csrf-token': token })).status, 403, token);
  const { token } = await service.addToken(['admin']);
  assert.equal((await change({ cookie: '', 'x-csrf-token': '', authorization: `Bearer ${token}` })).status, 200);
  assert.equal((await change({ cookie: '', 'x-csrf-token': '', authorization: `bEaReR ${token}` })).status, 200);
});

test('a token that is not known does not fall back to the session beside it', async () => {
  for (const authorization of ['Bearer nonsense', `Bearer ${service.admin.cookie!.split('=')[1]}`]) {
    const { status, headers } = await send('GET', '/projects', { authorization });
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer']);
  }
});

test('every answer of the API is kept by no cache and shown in no frame', async () => {
  for (const path of ['/health', '/projects', '/nothing', '/openapi.json', `/tests/${made}/versions/1/file`]) {
    const { headers } = await send('GET', path);
    assert.equal(headers['cache-control'], 'no-store', path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['referrer-policy'], 'no-referrer', path);
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/, path);
  }
});

test('the OpenAPI document has each operation once, and refers to nothing that it lacks', async () => {
  const { text } = await send('GET', '/openapi.json', { cookie: '' });
  const document = JSON.parse(text) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string; parameters: { name: string; in: string }[] }>>;
    components: { schemas: Record<string, unknown> };
  };
  assert.match(document.openapi, /^3\.1/);
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  for (const [path, methods] of Object.entries(document.paths))
    for (const { operationId, parameters } of Object.values(methods)) {
      const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      assert.deepEqual(
        inPath,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        operationId,
      );
    }
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    assert.ok(name! in document.components.schemas, name);
});
