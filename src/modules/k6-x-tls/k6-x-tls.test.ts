import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { createServer } from 'node:tls';
import { createScriptBench } from '../../../test/script-bench.ts';
import { createCertificates } from '../../demo/certificates.ts';
import { readName } from './describe-certificate.ts';

const { cert, key } = createCertificates(['localhost', 'shop.example']);
const servers: Server[] = [];
const ports: number[] = [];

before(async () => {
  servers.push(
    createServer({ cert, key }),
    createTcpServer((socket) => socket.end('220 mail ready\r\n')),
    createTcpServer((socket) => socket.on('error', () => {}).destroy()),
  );
  for (const server of servers) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
});
after(() => {
  for (const server of servers) server.close();
});

test('a certificate is shown, trusted or not, with what a client would say of it', async () => {
  const script = await createScriptBench(
    `import tls from 'k6/x/tls';
     export default async () => [await tls.getCertificate('localhost:${ports[0]}'), (await tls.getCertificate('other.example:${ports[0]}')).error_code];`,
    { hosts: { 'other.example': '127.0.0.1' } },
  );
  const [shown, other] = (await script.run()) as [Record<string, unknown>, number];
  const real = new X509Certificate(cert);
  assert.equal(shown['fingerprint'], real.fingerprint256.replaceAll(':', '').toLowerCase());
  assert.equal(shown['expires'], real.validToDate.getTime());
  assert.equal(shown['issued'], real.validFromDate.getTime());
  assert.deepEqual(shown['dns_names'], ['localhost', 'shop.example']);
  assert.equal(shown['error_code'], 1310);
  assert.ok((shown['subject'] as Record<string, unknown>)['common_name'] !== '');
  assert.equal(other, 1311);
  assert.equal(script.samples.filter(({ metric }) => metric === 'tls_handshakes').length, 2);
  assert.equal(script.samples.filter(({ metric }) => metric === 'tls_handshake_duration').length, 2);
});

test('what is no TLS, hangs up, or is nobody has its code; wrong input is named', async () => {
  const script = await createScriptBench(
    `import tls from 'k6/x/tls';
     const said = (host) => tls.getCertificate(host).then(() => 'fine', (e) => e.error_code ?? e.message);
     export default () => Promise.all([said('localhost:${ports[1]}'), said('localhost:${ports[2]}'), said('127.0.0.1:1'), said('blocked.example'), said(''), said(5), said('https://example.com')]);`,
    { blockHostnames: ['blocked.example'] },
  );
  const takes = "getCertificate() takes a host such as 'example.com' or 'example.com:8443', not ";
  const [notTls, hungUp, ...rest] = (await script.run()) as unknown[];
  assert.equal(notTls, 1301);
  assert.ok(hungUp === 1040 || hungUp === 1220, String(hungUp));
  assert.deepEqual(rest, [1212, 1111, `${takes}""`, `${takes}number`, `${takes}"https://example.com"`]);
  assert.deepEqual(
    script.samples
      .filter(({ metric }) => metric === 'tls_handshakes')
      .map(({ tags }) => Number(tags['error_code']) > 1000),
    [true, true, true, true],
  );
});

test('names are read with their escapes and repeated parts', () => {
  const { organizational_unit, organization, common_name, country } = readName(
    'C=DE\nO=Bread\\, Butter \\+ Co\nOU=one\nOU=two\nCN=a=b\nunknown=x',
  );
  assert.deepEqual(
    [country, organization, organizational_unit, common_name],
    [['DE'], ['Bread, Butter + Co'], ['one', 'two'], 'a=b'],
  );
});
