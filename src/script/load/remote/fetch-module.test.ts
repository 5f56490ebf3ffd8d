import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { type ModuleServer, startModuleServer } from '../../../../test/end-to-end/module-server.ts';
import { fetchModule } from './fetch-module.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-fetch-'));
const authorities = getCACertificates();
let server: ModuleServer;

before(async () => {
  server = await startModuleServer(folder);
  setDefaultCACertificates([server.authority]);
});
after(async () => {
  setDefaultCACertificates(authorities);
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  server.answers.clear();
  server.asked.length = 0;
});

const fetchAt = (address: string) => fetchModule(server.url + address);

describe('a module of the web', () => {
  test('is asked for in its version for k6 first, and only where there is none as a browser would', async () => {
    server.answers.set('/both.js?_k6=1', 'for k6').set('/both.js', 'for browsers').set('/plain.js', 'plain');
    assert.equal((await fetchAt('/both.js')).text, 'for k6');
    assert.equal((await fetchAt('/plain.js')).text, 'plain');
    assert.deepEqual(server.asked, ['/both.js?_k6=1', '/plain.js?_k6=1', '/plain.js']);
  });

  test('keeps what its address asks for beside the mark', async () => {
    server.answers.set('/m.js?v=1%202&min&_k6=1', 404).set('/m.js?v=1%202&min', 'as it was written');
    assert.equal((await fetchAt('/m.js?v=1%202&min')).text, 'as it was written');
    assert.deepEqual(server.asked, ['/m.js?v=1%202&min&_k6=1', '/m.js?v=1%202&min']);
  });

  test('is where its address says as long as nothing redirects, whatever stands in the address', async () => {
    server.answers
      .set('/m.js?_k6=1', 'a')
      .set('/m.js?bundle&_k6=1', 'b')
      .set('/m.js?q=a%20b&_k6=1', 'c')
      .set('/m.js?_k6=2', 404)
      .set('/m.js?_k6=0', 'd');
    for (const address of ['/m.js', '/m.js#part', '/m.js?bundle', '/m.js?q=a%20b'])
      assert.equal((await fetchAt(address)).resolved, server.url + address, address);
  });

  test('that redirects is where that led, without the mark that servers hand on', async () => {
    server.answers
      .set('/lib?_k6=1', { location: '/v1/lib?_k6=1' })
      .set('/v1/lib?_k6=1', { location: '../v2/lib.js?a=1&_k6=1&b=2' })
      .set('/v2/lib.js?a=1&_k6=1&b=2', 'second');
    assert.deepEqual(await fetchAt('/lib'), { text: 'second', resolved: `${server.url}/v2/lib.js?a=1&b=2` });
    server.answers.set('/only?_k6=1', { location: '/only.js?_k6=1#top' }).set('/only.js?_k6=1', 'x');
    assert.equal((await fetchAt('/only')).resolved, `${server.url}/only.js#top`);
  });

  test('may redirect ten times, and no more', async () => {
    for (let hop = 0; hop < 11; hop++) server.answers.set(`/${hop}`, { location: `/${hop + 1}` });
    server.answers.set('/11', 'end').set('/1?_k6=1', { location: '/2' });
    assert.equal((await fetchAt('/1')).text, 'end');
    server.answers.set('/0?_k6=1', { location: '/1' });
    await assert.rejects(fetchAt('/0'), /more than 10 redirects/);
    server.answers.set('/circle?_k6=1', { location: '/circle?_k6=1' });
    await assert.rejects(fetchAt('/circle'), /more than 10 redirects/);
  });

  test('leads to https alone, and to what is an address', async () => {
    server.answers.set('/a?_k6=1', { location: 'http://127.0.0.1/b.js' });
    await assert.rejects(fetchAt('/a'), /redirects to http:\/\/127\.0\.0\.1\/b\.js: modules are fetched by https only/);
    server.answers.set('/a?_k6=1', { location: 'data:text/javascript,1' });
    await assert.rejects(fetchAt('/a'), /by https only/);
    server.answers.set('/a?_k6=1', { location: 'https://[bad' });
    await assert.rejects(fetchAt('/a'), /redirects to "https:\/\/\[bad", which is no address/);
  });

  test('comes unpacked, without the mark of its encoding, and whole in any script', async () => {
    const text = 'export default "žluťoučký 🐎";';
    server.answers.set('/m.js?_k6=1', (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(`\uFEFF${text}`)),
    );
    assert.equal((await fetchAt('/m.js')).text, text);
    // A character that is cut in two by the network is one all the same.
    const bytes = Buffer.from(text);
    const cut = bytes.indexOf(Buffer.from('🐎')) + 2;
    server.answers.set('/slow.js?_k6=1', (response) => {
      response.write(bytes.subarray(0, cut), () => setImmediate(() => response.end(bytes.subarray(cut))));
    });
    assert.equal((await fetchAt('/slow.js')).text, text);
    server.answers.set('/empty.js?_k6=1', '');
    assert.equal((await fetchAt('/empty.js')).text, '');
  });

  test('is asked for with the name and password of its address, which no other address is told', async () => {
    const told: (string | undefined)[] = [];
    server.answers.set('/private.js?_k6=1', (response, { headers }) => {
      told.push(headers.authorization);
      response.writeHead(302, { location: `${server.url}/other.js` }).end();
    });
    server.answers.set('/other.js', (response, { headers }) => {
      told.push(headers.authorization);
      response.end('other');
    });
    const { text } = await fetchModule(`${server.url.replace('//', '//ann:p%40ss@')}/private.js`);
    assert.equal(text, 'other');
    assert.deepEqual(told, [`Basic ${Buffer.from('ann:p@ss').toString('base64')}`, undefined]);
  });
});

describe('what keeps a module from being fetched is said:', () => {
  test('the status that the plain address has', async () => {
    server.answers.set('/gone.js', 410).set('/gone.js?_k6=1', 500);
    await assert.rejects(fetchAt('/gone.js'), { message: 'the server answered 410 Gone' });
    server.answers.set('/own.js', (response) => response.writeHead(599, ' ').end());
    await assert.rejects(fetchAt('/own.js'), { message: 'the server answered 599' });
  });

  test('a redirect that leads nowhere is an answer without a module', async () => {
    server.answers.set('/m.js', 304);
    await assert.rejects(fetchAt('/m.js'), { message: 'the server answered 304 Not Modified' });
  });

  test('a connection that ends before the module does', async () => {
    server.answers.set('/m.js?_k6=1', (response) => {
      response.writeHead(200, { 'content-length': 100 }).write('export', () => response.destroy());
    });
    await assert.rejects(fetchAt('/m.js'), /terminated|closed|aborted|reset/i);
  });

  test('a module of more than 20 MB, before all of it has come', async () => {
    const chunk = Buffer.alloc(1_000_000, ' ');
    let sent = 0;
    server.answers.set('/big.js?_k6=1', (response) => {
      const send = (): void => {
        for (; sent < 1000; sent++) if (!response.write(chunk)) return void response.once('drain', send);
      };
      send();
    });
    await assert.rejects(fetchAt('/big.js'), { message: 'it is larger than 20 MB' });
    assert.ok(sent < 1000, `${sent} MB were sent`);
  });

  test('a server that nobody vouches for, none at all, and one that speaks no TLS', async () => {
    setDefaultCACertificates([]);
    try {
      await assert.rejects(fetchModule(`https://localhost:${new URL(server.url).port}/m.js`), /certificate/);
    } finally {
      setDefaultCACertificates([server.authority]);
    }
    const plain = net.createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('hello\n'),
    );
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as net.AddressInfo;
    await assert.rejects(fetchModule(`https://127.0.0.1:${port}/m.js`), /SSL|TLS|wrong version|disconnected/i);
    await new Promise((resolve) => plain.close(resolve));
    await assert.rejects(fetchModule(`https://127.0.0.1:${port}/m.js`), /ECONNREFUSED/);
  });
});
