import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CredentialMask } from './mask-credentials.ts';

const maskText = (text: string): string => new CredentialMask().text(text);

test('headers named like credentials keep their name, and their scheme', () => {
  const masked = new CredentialMask().headers([
    ['Authorization', 'Bearer abc.def'],
    ['authorization', 'Basic dXNlcjpwYXNz'],
    ['Proxy-Authorization', 'secretwithoutscheme'],
    ['X-Api-Key', '12345678'],
    ['X-Auth-Token', '12345678'],
    ['Cookie', 'sid=abc; theme=dark'],
    ['Set-Cookie', 'sid=abc; Path=/; HttpOnly'],
    ['Author', 'Ann'],
    ['Content-Type', 'text/plain'],
  ]);
  assert.deepEqual(masked, [
    ['Authorization', 'Bearer ***'],
    ['authorization', 'Basic ***'],
    ['Proxy-Authorization', '***'],
    ['X-Api-Key', '***'],
    ['X-Auth-Token', '***'],
    ['Cookie', 'sid=***; theme=***'],
    ['Set-Cookie', 'sid=***; Path=/; HttpOnly'],
    ['Author', 'Ann'],
    ['Content-Type', 'text/plain'],
  ]);
});

test('URLs lose user, password and queries that are named like credentials', () => {
  assert.equal(
    maskText('GET https://ann:pass@shop.example/a?api_key=k1&page=2&access_token=t'),
    'GET https://***@shop.example/a?api_key=***&page=2&access_token=***',
  );
});

test('bodies in the usual notations', () => {
  const cases: [string, string][] = [
    ['{"user":"ann","password":"a\\"b"}', '{"user":"ann","password":"***"}'],
    ['{"user":{"name":"ann","pin": 1234}}', '{"user":{"name":"ann","pin": "***"}}'],
    ['{"list":["p"],"token":"x","token_type":null}', '{"list":["p"],"token":"***","token_type":null}'],
    ['{"password":"cut off in the midd', '{"password":"***"'],
    ['user=ann&password=a%20b&x=1', 'user=ann&password=***&x=1'],
    ['<user><Password a="1">x y</Password><n>1</n></user>', '<user><Password a="1">***</Password><n>1</n></user>'],
    [
      '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter22\r\n--b\r\nContent-Disposition: form-data; name="page"\r\n\r\n2\r\n--b--',
      '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n***\r\n--b\r\nContent-Disposition: form-data; name="page"\r\n\r\n2\r\n--b--',
    ],
    ['{"author":"Ann","pages":12}', '{"author":"Ann","pages":12}'],
  ];
  for (const [text, expected] of cases) assert.equal(maskText(text), expected);
});

test('what was masked in one place is masked where it stands without a name', () => {
  const mask = new CredentialMask();
  mask.headers([
    ['Authorization', 'Bearer abc.def-123'],
    ['Authorization', `Basic ${Buffer.from('ann:hunter22').toString('base64')}`],
    ['Cookie', 'sid=q%20rs-tuv'],
  ]);
  assert.equal(mask.again('you sent abc.def-123, hunter22 and q rs-tuv'), 'you sent ***, *** and ***');
});

test('hostile texts take no time', () => {
  const started = process.cpuUsage();
  for (const text of ['"'.repeat(4096), '<'.repeat(4096), 'name="'.repeat(700), '":'.repeat(2000), 'a='.repeat(2000)]) {
    maskText(text);
    maskText(`{"token":"${'\\'.repeat(4000)}`);
  }
  // Of its own: a busy machine gives it none of that.
  assert.ok(process.cpuUsage(started).user < 2_000_000);
});

test('a credential that begins with another one is masked whole', () => {
  for (const tokens of [
    ['abcde', 'abcdefgh'],
    ['abcdefgh', 'abcde'],
  ]) {
    const mask = new CredentialMask();
    mask.headers(tokens.map((token) => ['X-Token', token]));
    assert.equal(mask.again('abcdefgh abcde fgh'), '*** *** fgh');
  }
});

test('a password with colons in it is masked as one', () => {
  const mask = new CredentialMask();
  mask.headers([['Authorization', `Basic ${Buffer.from('ann:p:a:s:s').toString('base64')}`]]);
  assert.equal(mask.again('you are ann, with p:a:s:s'), 'you are ann, with ***');
});

test('what stood in quotes, or in the notation of forms, is known again as it is', () => {
  const mask = new CredentialMask();
  assert.equal(mask.text('{"password":"say \\"hi\\" \\u00fc\\n"}'), '{"password":"***"}');
  assert.equal(mask.text('token=a+b%2Bc+d'), 'token=***');
  assert.equal(mask.again('it was say "hi" ü\n. or a b+c d.'), 'it was ***\n. or ***.');
});

test('lists under a name like a credential’s are credentials', () => {
  const mask = new CredentialMask();
  assert.equal(mask.text('{"tokens":["alpha-1", "beta-22"],"n":[1,2]}'), '{"tokens":"***","n":[1,2]}');
  assert.equal(mask.text('{"secrets":[]}'), '{"secrets":"***"}');
  assert.equal(mask.again('alpha-1 and beta-22'), '*** and ***');
  assert.equal(mask.text('{"password":["cut off in the mid'), '{"password":"***"');
});

test('random exchanges keep nothing of what was called a credential', () => {
  let state = 7;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const alphabet = 'abcXYZ019-_.~';
  const word = (): string => Array.from({ length: 5 + random(20) }, () => alphabet[random(alphabet.length)]).join('');
  const notations: ((name: string, secret: string) => string)[] = [
    (name, secret) => `{"page":1,"${name}" : "${secret}","x":true}`,
    (name, secret) => `page=1&${name}=${secret}&x=2`,
    (name, secret) => `<a><${name}>${secret}</${name}></a>`,
    (name, secret) => `https://shop.example/a?b=1&${name}=${secret}#end`,
    (name, secret) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${secret}\r\n--b--`,
  ];
  const names = ['password', 'access_token', 'apiKey', 'client_secret', 'sessionId', 'X-Auth', 'csrf'];
  for (let round = 0; round < 1500; round++) {
    const secret = word();
    const mask = new CredentialMask();
    const body = mask.text(notations[random(notations.length)]!(names[random(names.length)]!, secret));
    const echo = mask.again(`you sent ${secret}!`);
    assert.ok(!body.includes(secret), body);
    assert.equal(echo, 'you sent ***!', secret);
  }
});
