// What Playwright and Chromium say, as errors of the catalogue.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../script/realm.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { networkFailure, toPageError } from './failures.ts';
import type { GuardedWay } from './guarded-way.ts';

const realm = createRealm();
/** The way to one host is refused by the test's own rules. */
const way = {
  refusalOf: (host: string) =>
    host === 'blocked.example' || host === '::1' ? new WireError(1111, `blocked: ${host}`) : null,
} as Partial<GuardedWay> as GuardedWay;

/** As Playwright makes them. */
function playwrightError(message: string, name = 'Error'): Error {
  return Object.assign(new Error(message), { name, log: [] });
}
const shown = (error: unknown) => {
  const { message, name, error_code } = toPageError(realm, error, way) as Error & { error_code?: number };
  return { message, name, code: error_code };
};

test('Chromium’s names of network errors have the codes of what any request would have met', () => {
  for (const [name, code] of [
    ['ERR_NAME_NOT_RESOLVED', 1101],
    ['ERR_CONNECTION_REFUSED', 1212],
    ['ERR_CONNECTION_RESET', 1220],
    ['ERR_TIMED_OUT', 1050],
    ['ERR_ABORTED', 1030],
    ['ERR_CERT_AUTHORITY_INVALID', 1310],
    ['ERR_CERT_DATE_INVALID', 1312],
    ['ERR_CERT_WEAK_KEY', 1310],
    ['ERR_SSL_BAD_RECORD_MAC_ALERT', 1300],
    ['ERR_HTTP2_PROTOCOL_ERROR', 1600],
    ['ERR_SOMETHING_NEW', 1000],
  ] as const) {
    const failure = networkFailure(`net::${name}`, way, 'https://x.example/');
    assert.deepEqual([failure.code, failure.kind], [code, `net::${name}`], name);
  }
  assert.equal(networkFailure('nothing that is known', way, 'https://x.example/').code, 1000);
});

test('where the test itself has refused the way, that is what failed, and not the proxy that said so', () => {
  for (const url of ['https://blocked.example/a', 'http://[::1]:8080/']) {
    const { code, message } = networkFailure('net::ERR_SOCKS_CONNECTION_HOST_UNREACHABLE', way, url);
    assert.deepEqual([code, /^blocked: /.test(message)], [1111, true], url);
  }
  assert.equal(networkFailure('net::ERR_SOCKS_CONNECTION_FAILED', way, 'https://x.example/').code, 1000);
  assert.equal(networkFailure('net::ERR_CONNECTION_REFUSED', way, 'https://blocked.example/').code, 1212);
  assert.equal(networkFailure('net::ERR_SOCKS_CONNECTION_FAILED', way, 'no address').code, 1000);
});

test('an error of Playwright’s keeps its words without colours, and has a code', () => {
  assert.deepEqual(
    shown(
      playwrightError(
        'page.goto: net::ERR_CONNECTION_REFUSED at http://x.example/\n\u001b[2mCall log:\u001b[22m\n  - step\n',
      ),
    ),
    {
      message: 'page.goto: net::ERR_CONNECTION_REFUSED at http://x.example/\nCall log:\n  - step',
      name: 'Error',
      code: 1212,
    },
  );
  assert.equal(shown(new Error('locator.click: something else')).code, 1000);
});

test('time that is over is a TimeoutError, and a page or browser that is gone has the code of that', () => {
  assert.deepEqual(shown(playwrightError('page.waitForSelector: Timeout 30ms exceeded.', 'TimeoutError')), {
    message: 'page.waitForSelector: Timeout 30ms exceeded.',
    name: 'TimeoutError',
    code: 1050,
  });
  for (const message of [
    'page.click: Target page, context or browser has been closed',
    'page.title: Target crashed',
    'browser.newPage: the browser is gone',
  ])
    assert.equal(shown(playwrightError(message)).code, 1040, message);
});

test('in the message of a page the reason takes the place of what the proxy said', () => {
  const text = 'page.goto: net::ERR_SOCKS_CONNECTION_HOST_UNREACHABLE at https://blocked.example/a';
  const { code, message } = shown(playwrightError(text));
  assert.deepEqual([code, message], [1111, 'page.goto: blocked: blocked.example at https://blocked.example/a']);
});

test('what the script or a wrong argument came to stays as it is', () => {
  for (const error of [
    'text',
    5,
    null,
    undefined,
    new TypeError('the selector of click() must be text'),
    new Error('mine'),
  ])
    assert.equal(toPageError(realm, error, way), error);
});

test('an error that has a code already keeps it, as an error of the script’s realm', () => {
  const made = toPageError(realm, new WireError(1110, 'the address is blocked'), way) as Error & { error_code: number };
  assert.equal(made.error_code, 1110);
  assert.ok((realm.evaluate('(e) => e instanceof Error') as (error: unknown) => boolean)(made));
});
