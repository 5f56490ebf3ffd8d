// http.batch() (https://grafana.com/docs/k6/latest/javascript-api/k6-http/batch/) against a real server.
import assert from 'node:assert/strict';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createScriptBench, type ScriptBench } from '../../../test/script-bench.ts';
import type { Options } from '../../options/options.ts';

let server: http.Server;
let base = '';
/** Requests to /held that have not been answered yet. */
const held: ServerResponse[] = [];
let mostHeld = 0;
/** Answers them as soon as there are so many. */
let releaseAt = 0;

const answer = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
  response.setHeader('Content-Type', 'application/json');
  response.end(
    JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: String(body) }),
  );
};

before(async () => {
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url !== '/held') {
        answer(request, response, Buffer.concat(chunks));
        return;
      }
      held.push(response);
      mostHeld = Math.max(mostHeld, held.length);
      if (held.length >= releaseAt) for (const each of held.splice(0)) each.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const create = (body: string, options: Partial<Options> = {}): Promise<ScriptBench> =>
  createScriptBench(
    `import http from 'k6/http';
     const base = ${JSON.stringify(base)};
     const thrown = (fn) => { try { fn(); return 'nothing'; } catch (e) { return e.message; } };
     export default function () { ${body} }`,
    options,
  );
const run = async (body: string, options?: Partial<Options>): Promise<unknown> => (await create(body, options)).run();

describe('http.batch()', () => {
  test('answers a list with a list in its order, whatever each request is written as', async () => {
    assert.deepEqual(
      await run(`
        return http.batch([base + '/0', ['PUT', base + '/1', 'text'], { url: base + '/2' }, { method: 'post', url: base + '/3', body: { a: 1 } }, http.url\`\${base}/\${4}\`, ['GET', http.url\`\${base}/5\`]])
          .map((r) => { const { method, url, body } = r.json(); return [method, url, body]; });`),
      [
        ['GET', '/0', ''],
        ['PUT', '/1', 'text'],
        ['GET', '/2', ''],
        ['POST', '/3', 'a=1'],
        ['GET', '/4', ''],
        ['GET', '/5', ''],
      ],
    );
  });

  test('answers an object with an object of the same names, those of every object too', async () => {
    assert.deepEqual(
      await run(`
        const answers = http.batch(Object.fromEntries([['b', base + '/b'], ['__proto__', base + '/p'], ['a', ['GET', base + '/a']], ['toString', base + '/t']]));
        return Object.entries(answers).map(([name, r]) => [name, r.json('url')]);`),
      [
        ['b', '/b'],
        ['__proto__', '/p'],
        ['a', '/a'],
        ['toString', '/t'],
      ],
    );
  });

  test('takes no body along with GET and HEAD of an object, and params of each request', async () => {
    assert.deepEqual(
      await run(`
        const [get, post] = http.batch([{ method: 'GET', url: base, body: 'x', params: { headers: { a: '1' } } }, ['POST', base, null, { headers: { a: '2' }, responseType: 'binary' }]]);
        return [get.json('body'), get.json('headers.a'), post.body instanceof ArrayBuffer, post.json('headers.a')];`),
      ['', '1', true, '2'],
    );
  });

  test('tags each request by its own name, so that a template counts as one', async () => {
    const bench = await create(
      `http.batch([http.url\`\${base}/\${1}\`, http.url\`\${base}/\${2}\`, ['GET', base, null, { tags: { name: 'own', kind: 'x' } }]]);`,
    );
    await bench.run();
    assert.deepEqual(
      bench.samples
        .filter(({ metric }) => metric === 'http_reqs')
        .map(({ tags }) => [tags['name']?.replaceAll('$', ''), tags['kind']])
        .sort(),
      [
        ['own', 'x'],
        ['{}/{}', undefined],
        ['{}/{}', undefined],
      ],
    );
  });

  test('has requests under way together, up to batchPerHost of one host and batch of all', async () => {
    for (const [options, most] of [
      [{ batch: 20, batchPerHost: 3 }, 3],
      [{ batch: 2, batchPerHost: 6 }, 2],
      [{ batch: 20, batchPerHost: 0 }, 12],
    ] as const) {
      mostHeld = 0;
      releaseAt = most;
      assert.equal(
        await run(
          `return http.batch(Array.from({ length: 12 }, () => base + '/held')).filter((r) => r.status === 200).length;`,
          options,
        ),
        12,
      );
      assert.equal(mostHeld, most);
    }
  });

  test('answers what fails with its code, and the others as ever; with throw it throws once all are done', async () => {
    const script = `const rs = http.batch([base + '/1', 'http://127.0.0.1:1/', base + '/2']); return rs.map((r) => [r.status, r.error_code]);`;
    assert.deepEqual(await run(script), [
      [200, 0],
      [0, 1212],
      [200, 0],
    ]);
    const bench = await create(script, { throw: true });
    await assert.rejects(bench.run(), /refused/);
  });

  test('takes exactly one list or object, and says which request it cannot read', async () => {
    assert.deepEqual(
      await run(`
        return [() => http.batch(), () => http.batch([base], [base]), () => http.batch(null), () => http.batch(base), () => http.batch([[]]), () => http.batch([base, ['GET']]), () => http.batch([5]), () => http.batch([null]),
          () => http.batch({ a: { method: 'GET' } })].map(thrown);`),
      [
        'batch() takes exactly one argument, an array or an object; it was given 0',
        'batch() takes exactly one argument, an array or an object; it was given 2',
        'batch() takes an array or an object, not null',
        'batch() takes an array or an object, not string',
        'invalid batch request 0: an array needs at least a method and a URL',
        'invalid batch request 1: an array needs at least a method and a URL',
        'invalid batch request 0: it is neither text, an array nor an object',
        'invalid batch request 0: it is neither text, an array nor an object',
        'invalid batch request 0: it has no url',
      ],
    );
  });

  test('of nothing gives nothing, without a request', async () => {
    const bench = await create('return [http.batch([]), http.batch({})];');
    assert.deepEqual(await bench.run(), [[], {}]);
    assert.equal(bench.samples.length, 0);
  });

  test('of thousands that an option refuses at once ends, with an answer for each', async () => {
    const bench = await create(
      `const rs = http.batch(Array.from({ length: 10_000 }, () => 'http://blocked.test/')); return [rs.length, rs.every((r) => r.error_code === 1111)];`,
      { blockHostnames: ['blocked.test'], batch: 1, batchPerHost: 1 },
    );
    assert.deepEqual(await bench.run(), [10_000, true]);
  });
});
