// The REST API over a real run: every answer against the OpenAPI document, and who is let in.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Scratch } from '../../test/end-to-end/command.ts';
import { RunSession } from '../run/run-session.ts';
import { parseApiAddress } from './api-address.ts';
import type { ControlServer } from './control-server.ts';
import { OPENAPI } from './openapi.ts';
import { openRestApi } from './rest-api.ts';

const scratch = new Scratch();
const script = scratch.write(
  'script.js',
  `import { check, group, sleep } from 'k6';
   import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
   const c = new Counter('orders'), g = new Gauge('level'), r = new Rate('won'), t = new Trend('took', true);
   export const options = {
     scenarios: { looping: { executor: 'externally-controlled', vus: 1, maxVUs: 4 } },
     thresholds: { 'orders{kind:a}': ['count>=0'], won: ['rate>2'] },
   };
   export const setup = () => ({ n: 1 });
   export default function () {
     group('outer', () => group('inner', () => check(1, { yes: true, no: false })));
     c.add(1, { kind: 'a' }); g.add(2); r.add(true); t.add(3);
     sleep(0.02);
   }
   export const teardown = () => {};`,
);

/** Every kind of answer: the method, the path, the body, the status. */
const REQUESTS: readonly (readonly [method: string, path: string, body: string | null, status: number])[] = [
  ['get', '/v1/status', null, 200],
  ['patch', '/v1/status', '{}', 200],
  ['patch', '/v1/status', '{"data":{"attributes":{"vus":3}}}', 200],
  ['patch', '/v1/status', '{"data":{"attributes":{"vus":3,"vus-max":6}}}', 200],
  ['patch', '/v1/status', '{"data":{"attributes":{"vus":9}}}', 400],
  ['patch', '/v1/status', '{"data":{"attributes":{"vus":-1}}}', 400],
  ['patch', '/v1/status', '{"data":{"attributes":{"vus":1.5}}}', 400],
  ['patch', '/v1/status', '{"data":{"attributes":{"vus":"3"}}}', 400],
  ['patch', '/v1/status', '{"data":3}', 400],
  ['patch', '/v1/status', '', 400],
  ['patch', '/v1/status', '{"data":{"attributes":{"paused":true}}}', 500],
  ['post', '/v1/resume', null, 500],
  ['post', '/v1/pause', null, 200],
  ['post', '/v1/resume', null, 200],
  ['get', '/v1/agents', null, 200],
  ['get', '/v1/metrics', null, 200],
  ['get', '/v1/metrics/orders', null, 200],
  ['get', '/v1/metrics/orders%7Bkind%3Aa%7D', null, 200],
  ['get', '/v1/metrics/none', null, 404],
  ['get', '/v1/groups', null, 200],
  ['get', '/v1/groups/d41d8cd98f00b204e9800998ecf8427e', null, 200],
  ['get', '/v1/groups/none', null, 404],
  ['get', '/v1/setup', null, 200],
  ['put', '/v1/setup', '[1,{"a":null}]', 200],
  ['put', '/v1/setup', 'no', 400],
  ['post', '/v1/setup', null, 200],
  ['post', '/v1/teardown', null, 200],
  ['get', '/v1/openapi.json', null, 200],
  ['get', '/metrics', null, 200],
  ['get', '/ping', null, 200],
];

const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ $id: 'api', ...OPENAPI });

/** The schema that the document has for an answer. */
function schemaOf(method: string, path: string, status: number): object {
  const place = path.replace(/^(\/v1\/(?:metrics|groups))\/.+/, '$1/{id}');
  const { responses } = (OPENAPI.paths as unknown as Record<string, Record<string, { responses: object }>>)[place]![
    method
  ]!;
  const { content } = (responses as Record<number, { content: Record<string, { schema: object }> }>)[status]!;
  const [[type]] = [Object.keys(content)];
  const pointer = ['paths', place, method, 'responses', status, 'content', type!, 'schema'];
  return {
    $ref: `api#/${pointer.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`,
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function ask(port: number, method: string, path: string, body: string | null, headers: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, path, method: method.toUpperCase(), headers: { ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode!, type: response.headers['content-type'] ?? '', text }),
        );
      },
    );
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

describe('the REST API of a run', () => {
  let api: ControlServer;
  let session: RunSession;
  let result: ReturnType<RunSession['run']>;

  before(async () => {
    let running!: () => void;
    const hasSamples = new Promise<void>((resolve) => {
      running = resolve;
    });
    let samples = 0;
    const onBatch = ({ count }: { readonly count: number }): void => {
      samples += count;
      if (samples > 50) running();
    };
    session = new RunSession({ script, isControlled: true, workers: 1 }, [{ onBatch }]);
    api = await openRestApi(session, { address: parseApiAddress('127.0.0.1:0'), token: null });
    result = session.run();
    await Promise.race([hasSamples, result]);
  });
  after(async () => {
    session.stop();
    assert.equal((await result).exitCode, 103);
    await api.close();
    scratch.remove();
  });

  test('every answer is as its OpenAPI document says', async () => {
    for (const [method, path, body, status] of REQUESTS) {
      const answer = await ask(api.address.port, method, path, body);
      assert.equal(answer.status, status, `${method} ${path} ${body}: ${answer.text}`);
      const value: unknown = answer.type.startsWith('application/json') ? JSON.parse(answer.text) : answer.text;
      const validate = ajv.compile(schemaOf(method, path, status));
      assert.ok(validate(value), `${method} ${path}: ${JSON.stringify(validate.errors)} in ${answer.text}`);
    }
  });

  test('every place and method of the document was asked', () => {
    const asked = new Set(
      REQUESTS.map(([method, path]) => `${method} ${path.replace(/^(\/v1\/(?:metrics|groups))\/.+/, '$1/{id}')}`),
    );
    for (const [place, methods] of Object.entries(OPENAPI.paths))
      for (const method of Object.keys(methods).filter((key) => key !== 'parameters'))
        assert.ok(asked.has(`${method} ${place}`), `${method} ${place}`);
  });

  test('names that lead here from elsewhere, and pages of other sites, are kept out', async () => {
    const { port } = api.address;
    assert.equal((await ask(port, 'get', '/v1/status', null, { host: 'evil.example' })).status, 403);
    assert.equal((await ask(port, 'post', '/v1/pause', null, { origin: 'http://evil.example' })).status, 403);
    assert.equal((await ask(port, 'get', '/v1/status', null, { host: `localhost:${port}` })).status, 200);
    const own = { host: `localhost:${port}`, origin: `http://localhost:${port}` };
    assert.equal((await ask(port, 'get', '/v1/status', null, own)).status, 200);
  });

  test('a body that is too large is refused', async () => {
    const answer = await ask(api.address.port, 'put', '/v1/setup', `"${'x'.repeat(17 * 1024 * 1024)}"`).catch(
      (error: NodeJS.ErrnoException) => error.code,
    );
    // The connection may be gone before all of it was sent.
    assert.ok(typeof answer === 'string' ? /EPIPE|ECONNRESET/.test(answer) : answer?.status === 413, String(answer));
  });

  test('beyond this machine nothing is open without a token, and with one nobody else is let in', async () => {
    await assert.rejects(openRestApi(session, { address: parseApiAddress(':0'), token: null }), /SIXFOLD_API_TOKEN/);
    const open = await openRestApi(session, { address: parseApiAddress(':0'), token: 'open sesame' });
    try {
      const { port } = open.address;
      assert.equal((await ask(port, 'get', '/v1/status', null)).status, 401);
      assert.equal((await ask(port, 'get', '/v1/status', null, { authorization: 'Bearer no' })).status, 401);
      assert.equal((await ask(port, 'get', '/ping', null)).status, 200);
      assert.equal((await ask(port, 'get', '/v1/status', null, { authorization: 'Bearer open sesame' })).status, 200);
    } finally {
      await open.close();
    }
  });

  test('an address that is taken is said to be', async () => {
    await assert.rejects(openRestApi(session, { address: api.address, token: null }), /EADDRINUSE/);
  });
});

test('addresses are read as k6 reads them', () => {
  assert.deepEqual(parseApiAddress('localhost:6565'), { host: 'localhost', port: 6565 });
  assert.deepEqual(parseApiAddress(':80'), { host: '', port: 80 });
  assert.deepEqual(parseApiAddress('[::1]:80'), { host: '::1', port: 80 });
  assert.deepEqual(parseApiAddress('0.0.0.0'), { host: '0.0.0.0', port: 6565 });
  for (const text of ['a:b', 'localhost:70000', 'http://x', 'a b:1'])
    assert.throws(() => parseApiAddress(text), /no address/);
});
