import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { SecretStore } from './secret-store.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-secret-url-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Served {
  readonly url: string;
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

async function serve(context: TestContext, answer: RequestListener): Promise<Served> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  context.after(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

test('the whole body is the secret, asked for once with method, headers and a name of several parts', async (context) => {
  const { url, requests } = await serve(context, (request, response) => response.end(`value of ${request.url}`));
  const store = new SecretStore([
    `url=urlTemplate=${url}/v1/{key}?again={key},method=post,headers.X-Key=k=1,headers.Authorization=Bearer mytoken`,
  ]);
  const both = await Promise.all([store.get(null, 'db/pass word?'), store.get(null, 'db/pass word?')]);
  assert.deepEqual(both, Array(2).fill('value of /v1/db/pass%20word%3F?again=db/pass%20word%3F'));
  assert.equal(requests.length, 1);
  assert.equal(requests[0]!.method, 'POST');
  assert.equal(requests[0]!.headers['x-key'], 'k=1');
  assert.equal(requests[0]!.headers.authorization, 'Bearer mytoken');
});

test('a name and password of the address are told to the server alone, unless a header lets in', async (context) => {
  const { url, requests, close } = await serve(context, (_, response) => response.end('value'));
  const from = (login: string, more = '') =>
    new SecretStore([`url=urlTemplate=${url.replace('//', `//${login}@`)}/{key},maxRetries=0${more}`]);
  assert.equal(await from('ann:hunter2%').get(null, 'k'), 'value');
  assert.equal(await from(':hunter2').get(null, 'k'), 'value');
  assert.equal(await from('ann:hunter2', ',headers.Authorization=Bearer t').get(null, 'k'), 'value');
  assert.deepEqual(
    requests.map(({ headers }) => headers.authorization),
    [...['ann:hunter2%', ':hunter2'].map((text) => `Basic ${Buffer.from(text).toString('base64')}`), 'Bearer t'],
  );
  await close();
  await assert.rejects(
    from('ann:hunter2').get(null, 'k'),
    (error: Error) => /could not be had from http:\/\/127/.test(error.message) && !error.message.includes('hunter2'),
  );
});

test('responsePath chooses what it is', async (context) => {
  const { url } = await serve(context, (_, response) =>
    response.end('{"data":{"value":"v","n":5,"o":{"a":[1]},"z":null}}'),
  );
  const at = (responsePath: string) =>
    new SecretStore([`url=urlTemplate=${url}/{key},responsePath=${responsePath}`]).get(null, 'k');
  assert.deepEqual(await Promise.all([at('data.value'), at('data.n'), at('data.o')]), ['v', '5', '{"a":[1]}']);
  await assert.rejects(at('data.z'), /nothing at responsePath "data.z"/);
  await assert.rejects(at('other'), /the secret "k" could not be had from http:.*nothing at responsePath/);
});

test('a failure that may pass is tried again, any other is not', async (context) => {
  const plan = [500, 429, 200];
  const { url, requests } = await serve(context, (_, response) => {
    response.statusCode = plan[requests.length - 1] ?? 404;
    response.end('found');
  });
  const specification = `url=urlTemplate=${url}/{key},retryBackoff=1ms`;
  assert.equal(await new SecretStore([specification]).get(null, 'k'), 'found');
  assert.equal(requests.length, 3);
  await assert.rejects(new SecretStore([specification]).get(null, 'k'), /status 404$/);
  assert.equal(requests.length, 4);
});

test('attempts have an end, and no answer in time is a failure', async (context) => {
  const { url, requests } = await serve(context, () => {});
  const store = new SecretStore([`url=urlTemplate=${url}/{key},timeout=30ms,maxRetries=1,retryBackoff=1ms`]);
  await assert.rejects(store.get(null, 'k'), /no response within 30 ms \(2 attempts\)/);
  assert.equal(requests.length, 2);
  const { url: closed, close } = await serve(context, () => {});
  await close();
  const nobody = new SecretStore([`url=urlTemplate=${closed}/{key},maxRetries=0`]);
  await assert.rejects(nobody.get(null, 'k'), /ECONNREFUSED/);
});

test('a response that is too long, or not JSON, is no secret', async (context) => {
  const { url } = await serve(context, (request, response) =>
    response.end(request.url === '/text' ? 'text' : 'x'.repeat(Number(request.url!.slice(1)))),
  );
  const whole = new SecretStore([`url=urlTemplate=${url}/{key}`]);
  assert.equal((await whole.get(null, '24576')).length, 24_576);
  await assert.rejects(whole.get(null, '24577'), /longer than 24576 bytes/);
  const json = new SecretStore([`url=urlTemplate=${url}/{key},responsePath=a`]);
  await assert.rejects(json.get(null, 'text'), /not JSON/);
});

test('requests beyond the burst wait for their turn', async (context) => {
  const { url, requests } = await serve(context, (request, response) => response.end(request.url));
  const store = new SecretStore([`url=urlTemplate=${url}/{key},requestsPerMinuteLimit=600,requestsBurst=2`]);
  const start = performance.now();
  await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.get(null, key)));
  // Two at once, then one every 100 ms; timers may fire a little early.
  assert.ok(performance.now() - start >= 195);
  assert.equal(requests.length, 4);
});

test('settings come from the environment, a file and the command line, the later ones first', async (context) => {
  const { url, requests } = await serve(context, (_, response) => response.end('{"a":"from a","b":"from b"}'));
  const file = path.join(folder, 'config.json');
  writeFileSync(
    file,
    JSON.stringify({
      urlTemplate: `${url}/file/{key}`,
      headers: { 'X-One': 'file', 'X-Two': 'file' },
      responsePath: 'a',
      maxRetries: 0,
    }),
  );
  const env = {
    K6_SECRET_SOURCE_URL_URL_TEMPLATE: `${url}/env/{key}`,
    K6_SECRET_SOURCE_URL_METHOD: 'PUT',
    K6_SECRET_SOURCE_URL_RESPONSE_PATH: 'b',
    K6_SECRET_SOURCE_URL_HEADER_X_ONE: 'env',
  };
  const get = (specification: string) => new SecretStore([specification], env).get(null, 'k');
  assert.equal(await get('url'), 'from b');
  assert.equal(await get(`url=config=${file}`), 'from a');
  assert.equal(await get(`url=config=${file},responsePath=b,headers.X-Two=line`), 'from b');
  assert.deepEqual(
    requests.map(({ method, url: at, headers }) => [method, at, headers['x-one'], headers['x-two']]),
    [
      ['PUT', '/env/k', 'env', undefined],
      ['PUT', '/file/k', 'file', 'file'],
      ['PUT', '/file/k', 'file', 'line'],
    ],
  );
});

test('settings that cannot be used are refused before anything is asked', () => {
  const refuses = (rest: string, pattern: RegExp, env = {}): void =>
    assert.throws(
      () => new SecretStore([`url=${rest}`], env),
      (error: unknown) => error instanceof ExitError && error.exitCode === EXIT.other && pattern.test(error.message),
      rest,
    );
  const template = 'urlTemplate=http://h/{key}';
  refuses('', /needs urlTemplate|takes key=value/);
  refuses('method=GET', /needs urlTemplate=/);
  refuses('urlTemplate=http://h/key', /needs \{key\}/);
  refuses('urlTemplate=ftp://h/{key}', /no http or https URL/);
  refuses(`${template},timout=5s`, /no setting "timout" \(did you mean "timeout"\?\)/);
  refuses(`${template},timeout=5`, /timeout: "5" is not a duration/);
  refuses(`${template},maxRetries=-1`, /maxRetries must be a whole number from 0 on/);
  refuses(`${template},requestsBurst=0`, /requestsBurst must be a whole number from 1 on/);
  refuses(`${template},headers.X Y=1`, /header "x y"/);
  refuses(`config=${folder}/none.json`, /there is no file/);
  const broken = path.join(folder, 'broken.json');
  writeFileSync(broken, '{"headers": {"a": "s3cret"');
  refuses(`config=${broken}`, /^(?!.*s3cret).*cannot be read as JSON/);
});
