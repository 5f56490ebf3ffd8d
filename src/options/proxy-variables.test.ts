import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProxies } from './proxy-variables.ts';

const NONE = { all: null, http: '', https: '', noProxy: '' };
const P = 'http://proxy:3128';

test('variables are read in capitals, then in small letters, as Go programs do', () => {
  const cases: [env: Record<string, string>, expected: object][] = [
    [{}, {}],
    [{ HTTP_PROXY: P }, { http: P }],
    [{ http_proxy: P }, { http: P }],
    [{ HTTP_PROXY: P, http_proxy: 'http://other' }, { http: P }],
    [{ HTTP_PROXY: '', http_proxy: P }, { http: P }],
    [{ HTTPS_PROXY: ` ${P} ` }, { https: P }],
    [{ https_proxy: P }, { https: P }],
    [{ NO_PROXY: 'a,b' }, { noProxy: 'a,b' }],
    [{ no_proxy: '*' }, { noProxy: '*' }],
    [{ ALL_PROXY: P, Http_Proxy: P }, {}],
    // Where a CGI program is started, HTTP_PROXY may be a header of the request.
    [{ REQUEST_METHOD: 'GET', HTTP_PROXY: P, HTTPS_PROXY: P }, { https: P }],
  ];
  for (const [env, expected] of cases)
    assert.deepEqual(readProxies(undefined, env), { ...NONE, ...expected }, JSON.stringify(env));
});

test('the option goes before both variables, also where it is empty; what needs no proxy stays', () => {
  const env = { HTTP_PROXY: 'nonsense://', HTTPS_PROXY: P, NO_PROXY: 'a' };
  assert.deepEqual(readProxies('http://mine', env), { ...NONE, all: 'http://mine', noProxy: 'a' });
  assert.deepEqual(readProxies('', env), { ...NONE, all: '', noProxy: 'a' });
});

test('a variable that cannot be read is named as it was written, without its password', () => {
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'])
    assert.throws(
      () => readProxies(undefined, { [name]: 'ftp://user:secret@proxy' }),
      (error: Error & { exitCode?: number }) =>
        error.exitCode === 104 &&
        error.message.startsWith(`the environment variable ${name} cannot be used`) &&
        !error.message.includes('secret'),
      name,
    );
});
