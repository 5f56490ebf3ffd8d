import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createHttpBench } from './http-bench.fixture.ts';
import { answerNtlm, authenticate, findScheme, negotiate } from './ntlm-auth.ts';
import { createNtlmServer, type NtlmServerOptions } from './ntlm-server.fixture.ts';

test('the answers are those of the specification (MS-NLMP 4.2.4)', () => {
  const targetInfo = Buffer.from(
    '02000c0044006f006d00610069006e0001000c005300650072007600650072000000 0000'.replaceAll(' ', ''),
    'hex',
  );
  const { lm, nt } = answerNtlm(
    { server: Buffer.from('0123456789abcdef', 'hex'), targetInfo },
    { user: 'User', domain: 'Domain', password: 'Password' },
    Buffer.alloc(8, 0xaa),
    -11_644_473_600_000,
  );
  assert.equal(nt.subarray(0, 16).toString('hex'), '68cd0ab851e51c96aabc927bebef6a1c');
  assert.equal(lm.toString('hex'), '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
});

test('the scheme is found among others, and what is no challenge is not answered', () => {
  assert.equal(findScheme(['Basic realm="x"', 'ntlm']), 'NTLM');
  assert.equal(findScheme(['Negotiate, Basic realm="x"']), 'Negotiate');
  assert.equal(findScheme(['Basic realm="NTLM"']), null);
  assert.match(negotiate('NTLM'), /^NTLM TlRMTVNTUAABAAAA/);
  const signed = Buffer.concat([Buffer.from('NTLMSSP\0'), Buffer.from([2, 0, 0, 0]), Buffer.alloc(36)]);
  for (const wrong of [
    '',
    'AAAA',
    '====',
    signed.subarray(0, 20).toString('base64'),
    Buffer.alloc(48).toString('base64'),
  ])
    assert.equal(authenticate([`NTLM ${wrong}`], 'NTLM', { user: 'u', password: 'p' }, 0), null);
  // Information that lies outside of the message.
  const outside = Buffer.from(signed);
  outside.writeUInt32LE(0x800000, 20);
  outside.writeUInt16LE(500, 40);
  assert.equal(authenticate([`NTLM ${outside.toString('base64')}`], 'NTLM', { user: 'u', password: 'p' }, 0), null);
  assert.notEqual(authenticate([`NTLM ${signed.toString('base64')}`], 'NTLM', { user: 'u', password: 'p' }, 0), null);
});

/** Runs a script's function against such a server; `as` gives an address with credentials. */
async function runAgainst(options: NtlmServerOptions, source: string) {
  const server = createNtlmServer(options);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const bench = createHttpBench(base);
    const seen = await bench.run(`async () => {
      const as = (user, password) => base.replace('://', '://' + encodeURIComponent(user) + ':' + encodeURIComponent(password) + '@');
      ${source}
    }`);
    return { seen, bench };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

for (const options of [{}, { namesTime: true }, { scheme: 'Negotiate' }] as const)
  test(`three requests log a connection in, and the next one needs no more: ${JSON.stringify(options)}`, async () => {
    const { seen, bench } = await runAgainst(
      options,
      `const url = as('SHOP\\\\ann', 'pässword');
       const first = await http.asyncRequest('POST', url + '/a', 'the body', { auth: 'ntlm' });
       const second = await http.asyncRequest('GET', url + '/b', null, { auth: 'ntlm' });
       return [first.status, first.json(), second.status, second.json(), first.url.includes('@')];`,
    );
    const scheme = 'scheme' in options ? options.scheme : 'NTLM';
    assert.deepEqual(seen, [
      200,
      { url: '/a', body: 'the body', sent: scheme },
      200,
      { url: '/b', body: '', sent: '' },
      false,
    ]);
    const failed = bench.samples.filter(({ metric }) => metric === 'http_req_failed');
    assert.deepEqual(
      failed.map(({ value, tags }) => [value, tags['status'], tags['url']?.includes('@')]),
      [
        [0, '401', false],
        [0, '401', false],
        [0, '200', false],
        [0, '200', false],
      ],
    );
  });

test('who is not let in gets the 401, which has failed; without credentials nothing is answered', async () => {
  const { seen, bench } = await runAgainst(
    {},
    `const wrong = await http.asyncRequest('GET', as('SHOP\\\\ann', 'guess') + '/', null, { auth: 'ntlm' });
     const nobody = await http.asyncRequest('GET', base + '/', null, { auth: 'ntlm' });
     return [wrong.status, wrong.body, nobody.status];`,
  );
  assert.deepEqual(seen, [401, 'who are you?', 401]);
  const failed = bench.samples.filter(({ metric }) => metric === 'http_req_failed').map(({ value }) => value);
  assert.deepEqual(failed, [0, 0, 1, 1]);
});

test('a challenge made to keep its reader busy is read in one go', () => {
  const spaces = ' '.repeat(2_000_000);
  assert.equal(findScheme([`NTLM${spaces}a b`]), null);
  assert.equal(findScheme([`${spaces}NTLM${spaces}abc${spaces}`]), 'NTLM');
});

test('a challenge whose answer would not fit its fields gets none', () => {
  const challenge = Buffer.alloc(48 + 0xffff);
  challenge.write('NTLMSSP\0', 'latin1');
  challenge.writeUInt32LE(2, 8);
  challenge.writeUInt32LE(0x00800000, 20);
  challenge.writeUInt16LE(0xffff, 40);
  challenge.writeUInt32LE(48, 44);
  const offered = [`NTLM ${challenge.toString('base64')}`];
  assert.equal(authenticate(offered, 'NTLM', { user: 'me', password: 'it' }, 0), null);
});
