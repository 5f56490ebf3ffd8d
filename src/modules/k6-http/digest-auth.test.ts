import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { answerChallenge } from './digest-auth.ts';

const REQUEST = { method: 'GET', path: '/p', body: null };
const CREDENTIALS = { user: 'ann', password: 'secret' };
const answer = (...challenges: string[]): string | null => answerChallenge(challenges, REQUEST, CREDENTIALS);

test('finds the Digest challenge among others, in one header or in several', () => {
  for (const challenges of [
    ['Basic realm="x", Digest realm="r", nonce="n"'],
    ['Negotiate', 'digest nonce = "n" , realm=r'],
    ['Digest realm="r",nonce="n", Basic realm="other"'],
  ])
    assert.match(
      answer(...challenges) ?? '',
      /^Digest username="ann", realm="r", nonce="n", uri="\/p", response="[0-9a-f]{32}"$/,
    );
});

test('a quoted value may hold escapes, commas and equals signs', () => {
  assert.match(answer('Digest realm="a\\"b, c=d", nonce="n\\\\"') ?? '', /realm="a\\"b, c=d", nonce="n\\\\"/);
});

test('an algorithm that is none, whatever its name, is not answered', () => {
  for (const algorithm of ['constructor', '__proto__', 'toString', 'SHA-1', '-sess', ''])
    assert.equal(answer(`Digest nonce="n", algorithm="${algorithm}x"`), null);
});

test('takes time in proportion to what the server sends', () => {
  /** In ms of the thread's own time: other programs make it no slower. */
  const timeOf = (text: string): number => {
    const before = process.threadCpuUsage();
    answer(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
  for (const [before, piece] of [
    ['Digest ', 'a'],
    ['Digest ', ' '],
    ['Digest realm="', '\\"'],
    ['', 'Digest '],
    ['Digest ', 'a="'],
    ['Digest ', 'a=,'],
  ] as const) {
    timeOf(before + piece.repeat(20_000));
    // A quadratic one takes seconds here.
    assert.ok(timeOf(before + piece.repeat(200_000)) < 500, piece);
  }
});

/** The parameters of an answer. */
function read(header: string | null): Record<string, string> {
  const [, rest = ''] = /^Digest (.*)$/.exec(header ?? '') ?? [];
  const fields = [...rest.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,]*))/g)];
  return Object.fromEntries(
    fields.map(([, name, quoted, bare]) => [name, (quoted ?? bare ?? '').replace(/\\(.)/g, '$1')]),
  );
}

describe('the response', () => {
  test('without qop is that of RFC 2617 for its example', () => {
    const challenge =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const request = { method: 'GET', path: '/dir/index.html', body: null };
    const fields = read(answerChallenge([challenge], request, { user: 'Mufasa', password: 'Circle Of Life' }));
    assert.deepEqual(fields, {
      username: 'Mufasa',
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      uri: '/dir/index.html',
      response: '670fd8c2df070c60b045671b8b24ff02',
      opaque: '5ccc069c403ebaf9f0171e9517f40e41',
    });
  });

  for (const [algorithm, hash] of [
    [null, 'md5'],
    ['MD5', 'md5'],
    ['MD5-sess', 'md5'],
    ['SHA-256', 'sha256'],
    ['sha-256-SESS', 'sha256'],
    ['SHA-512-256', 'sha512-256'],
  ] as const)
    for (const [offered, qop] of [
      ['auth', 'auth'],
      ['auth-int', 'auth-int'],
      ['auth-int, auth', 'auth'],
      ['AUTH', 'auth'],
    ] as const)
      test(`of ${algorithm ?? 'no algorithm'} with qop ${offered} is that of RFC 7616 section 3.4`, () => {
        const h = (text: string): string => createHash(hash).update(text).digest('hex');
        const user = { user: 'J\u00e4s\u00f8n "Doe"', password: 'Secret, or not?' };
        const request = { method: 'POST', path: '/doe.json?q=1', body: '{"é":1}' };
        const challenge = `Digest realm="api@example.org", qop="${offered}"${algorithm === null ? '' : `, algorithm=${algorithm}`}, nonce="5TsQWLVdgBdmrQ0X"`;
        const fields = read(answerChallenge([challenge], request, user));
        const { cnonce = '', nc = '', nonce = '' } = fields;
        let a1 = h(`${user.user}:api@example.org:${user.password}`);
        if (algorithm !== null && /-sess$/i.test(algorithm)) a1 = h(`${a1}:${nonce}:${cnonce}`);
        const a2 = h(`POST:/doe.json?q=1${qop === 'auth-int' ? `:${h(request.body)}` : ''}`);
        assert.equal(fields['response'], h(`${a1}:${nonce}:${nc}:${cnonce}:${qop}:${a2}`));
        assert.deepEqual(
          [fields['qop'], nc, fields['algorithm'], fields['username']],
          [qop, '00000001', algorithm ?? undefined, user.user],
        );
        assert.match(cnonce, /^[0-9a-f]{32}$/);
      });

  test('has another cnonce each time', () => {
    const ask = (): string | undefined => read(answer('Digest realm="r", nonce="n", qop="auth"'))['cnonce'];
    assert.equal(new Set([ask(), ask(), ask()]).size, 3);
  });

  test('is for the first challenge that can be answered', () => {
    const fields = read(
      answer(
        'Digest realm="a", nonce="1", algorithm=SHA-1',
        'Digest realm="b"',
        'Digest realm="c", nonce="3", algorithm=SHA-256',
        'Digest realm="d", nonce="4"',
      ),
    );
    assert.deepEqual([fields['realm'], fields['nonce'], fields['algorithm']], ['c', '3', 'SHA-256']);
    assert.equal(answer(), null);
    assert.equal(answer('Basic realm="x"'), null);
    assert.equal(answer('Digestive nonce="1"'), null);
    assert.equal(answer('Digest'), null);
  });
});
