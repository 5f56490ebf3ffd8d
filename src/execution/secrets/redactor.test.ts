import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { REDACTED, Redactor } from './redactor.ts';

const SECRETS = [
  's3cret-w0rd',
  'p"q\\r/s<t>&\'u',
  'größe und maß €',
  'a b+c=d',
  '-----BEGIN KEY-----\nMIIBVwIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n',
  '😀😀x',
  'abcd',
];

const bytesOf = (text: string): number[] => [...Buffer.from(text)];

/** What scripts, servers and programs make of a text. */
const TRANSFORMED: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (s) => `before ${s} after`,
  twice: (s) => `${s}${s}`,
  'in lower case': (s) => `http://${s.toLowerCase()}.example/`,
  'in upper case': (s) => s.toUpperCase(),
  'in JSON': (s) => JSON.stringify({ a: [s] }),
  'in JSON in JSON': (s) => JSON.stringify({ body: JSON.stringify({ a: s }) }),
  "in Go's JSON": (s) => JSON.stringify(s).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  'in an address': (s) => `http://h/?a=${encodeURIComponent(s)}&b=1`,
  'in an address, twice': (s) => encodeURIComponent(`http://h/?a=${encodeURIComponent(s)}`),
  'in a form': (s) => new URLSearchParams({ a: s, b: 'x' }).toString(),
  'with escapes in small letters': (s) => encodeURIComponent(s).replace(/%../g, (e) => e.toLowerCase()),
  'in HTML': (s) =>
    `<b>${s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</b>`,
  'in CSV': (s) => `1,"${s.replaceAll('"', '""')}",2`,
  'in base64': (s) => Buffer.from(s).toString('base64'),
  'in base64 with one before': (s) => Buffer.from(`x${s}`).toString('base64'),
  'in base64 with a name before': (s) => `Basic ${Buffer.from(`ab:${s}`).toString('base64')}`,
  'in base64 with more around': (s) => Buffer.from(`user:${s}\nand more`).toString('base64'),
  'in base64url': (s) => Buffer.from(`{"p":"${s}"}`).toString('base64url'),
  'in hex': (s) => Buffer.from(`(${s})`).toString('hex'),
  'in hex in capitals': (s) => Buffer.from(s).toString('hex').toUpperCase(),
  'in hex with spaces': (s) =>
    bytesOf(s)
      .map((b) => b.toString(16).padStart(2, '0'))
      .join(' '),
  'as numbers': (s) => `[ ${bytesOf(s).join(', ')} ]`,
  'as a list in JSON': (s) => JSON.stringify(bytesOf(s)),
  'as characters': (s) => JSON.stringify([...s.replace(/["\\\n]/g, '')]),
};

test('a secret is found in whatever was made of it', () => {
  for (const secret of SECRETS) {
    for (const [way, transform] of Object.entries(TRANSFORMED)) {
      // Taking characters away makes another secret of it.
      const value = way === 'as characters' ? secret.replace(/["\\\n]/g, '') : secret;
      const redactor = new Redactor();
      redactor.add(value);
      const text = transform(value);
      const shown = redactor.redact(text);
      assert.ok(shown.includes(REDACTED), `${JSON.stringify(value)} ${way}: ${shown}`);
      assert.ok(!shown.includes(value), `${JSON.stringify(value)} ${way}: ${shown}`);
      const clean = redactor.redact(transform('something else'));
      assert.equal(clean, transform('something else'), `${way}: text without the secret was changed`);
    }
  }
});

test('what is not a secret stays, and of two secrets the longer one is taken whole', () => {
  const redactor = new Redactor();
  assert.equal(redactor.isIdle, true);
  redactor.add('');
  assert.equal(redactor.isIdle, true);
  redactor.add('abcdef');
  redactor.add('abcdefgh');
  redactor.add('7');
  assert.equal(redactor.redact('abcdefgh abcdef abcde 7'), `${REDACTED} ${REDACTED} abcde ${REDACTED}`);
  assert.equal(redactor.redact('abcdefabcdefgh'), REDACTED + REDACTED);
  assert.equal(redactor.redactName('my_abcdef_total'), 'my_SECRET_REDACTED_total');
});

test('a short value is looked for as it is only', () => {
  const redactor = new Redactor();
  redactor.add('ab');
  assert.equal(redactor.redact('an ab, AB, 6162, YWI='), `an ${REDACTED}, AB, 6162, YWI=`);
});

test('lines of a secret are secrets too', () => {
  const redactor = new Redactor();
  redactor.add('-----BEGIN KEY-----\r\nMIIBVwIBADANBg\r\nkqhki\r\n');
  assert.equal(redactor.redact('read MIIBVwIBADANBg and kqhki'), `read ${REDACTED} and kqhki`);
});

test('data is copied without secrets, numbers stay numbers', () => {
  const redactor = new Redactor();
  redactor.add('2026');
  const data = { year: 2026, 'in 2026': ['x2026', null, true, { deep: '2026' }] };
  assert.deepEqual(redactor.redactData(data), {
    year: 2026,
    [`in ${REDACTED}`]: [`x${REDACTED}`, null, true, { deep: REDACTED }],
  });
  assert.deepEqual(JSON.parse(redactor.redactJson('{"n":2026,"t":"2026"}')), { n: 2026, t: REDACTED });
});

test('octets are gone through too, whatever stands around', () => {
  const redactor = new Redactor();
  redactor.add('größe');
  const bytes = Buffer.concat([Buffer.of(0, 255, 128), Buffer.from('größe'), Buffer.of(254)]);
  assert.deepEqual(
    Buffer.from(redactor.redactBytes(bytes)),
    Buffer.concat([Buffer.of(0, 255, 128), Buffer.from(REDACTED), Buffer.of(254)]),
  );
  const clean = new Uint8Array([1, 2, 3]);
  assert.equal(redactor.redactBytes(clean), clean);
});

test('many secrets cost little more than one', () => {
  const text = Array.from({ length: 2000 }, (_, i) => createHash('sha256').update(String(i)).digest('base64')).join(
    ' ',
  );
  const fill = (count: number): Redactor => {
    const redactor = new Redactor();
    for (let i = 0; i < count; i++) redactor.add(createHash('sha1').update(`secret ${i}`).digest('base64'));
    return redactor;
  };
  const time = (redactor: Redactor): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 5; run++) {
      const start = performance.now();
      assert.equal(redactor.redact(text), text);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  const one = time(fill(1));
  const many = time(fill(300));
  assert.ok(many < 50 * one + 20, `${one} ms with one secret, ${many} ms with 300`);
});

test('a text that was cut off loses the beginning of a secret at its end, and nothing else', () => {
  const redactor = new Redactor();
  redactor.add('hunter2-of-Troy');
  assert.equal(redactor.redactCut('you said hunter2-o'), `you said ${REDACTED}`);
  assert.equal(redactor.redactCut('hunter2-of-Troy, hunte'), `${REDACTED}, ${REDACTED}`);
  assert.equal(redactor.redactCut('nothing to hide'), 'nothing to hide');
});
