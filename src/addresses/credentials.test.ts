import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  basicAuthorization,
  maskAddress,
  maskCredentials,
  maskUnread,
  maskWithin,
  takeCredentials,
  withoutCredentials,
} from './credentials.ts';

describe('credentials of an address', () => {
  test('are taken out without their escapes, a % that begins none as it stands', () => {
    for (const [address, user, password] of [
      ['https://me:it@host/a', 'me', 'it'],
      ['https://me@host/a', 'me', ''],
      ['https://:it@host/a', '', 'it'],
      ['https://m%C3%A9:p%40%3A@host/a', 'mé', 'p@:'],
      ['https://me%:100%@host/a', 'me%', '100%'],
      ['https://me:p%zz%40@host/a', 'me', 'p%zz%40'],
      ['nats://me:it@host/a', 'me', 'it'],
    ] as const) {
      const url = new URL(address);
      assert.deepEqual(takeCredentials(url), { user, password }, address);
      assert.equal(url.href, `${url.protocol}//host/a`, address);
      assert.equal(takeCredentials(url), null);
    }
  });

  test('leave an address that has none as it was written', () => {
    for (const address of ['https://HOST/a b', 'https://host/npm/x@1', 'no address', 'https://[bad'])
      assert.equal(withoutCredentials(address), address);
    assert.equal(withoutCredentials('https://me:it@HOST/a b'), 'https://host/a%20b');
    assert.equal(withoutCredentials('https://:it@host'), 'https://host/');
  });

  test('are told as Basic, either part of which may be empty', () => {
    const told = (user: string, password: string) =>
      Buffer.from(basicAuthorization({ user, password }).replace(/^Basic /, ''), 'base64').toString();
    assert.deepEqual([told('mé', 'p:w'), told('', 'it'), told('me', '')], ['mé:p:w', ':it', 'me:']);
  });
});

describe('a password is not shown', () => {
  test('of an address that can be read, whose path may have an @ itself', () => {
    assert.equal(maskCredentials('https://me:secret@host/a@b?c@d'), 'https://****:****@host/a@b?c@d');
    assert.equal(maskCredentials('//me:sec@ret@host'), '//****:****@host');
    assert.equal(maskCredentials('https://host/npm/x@1.0'), 'https://host/npm/x@1.0');
  });

  test('of an address that cannot be read, whatever stands in it', () => {
    for (const text of ['http://me:sec/ret@host', 'me:sec?#ret@host:port', 'x://m@e:se\nc@ret@host', ' a://:ret@[host'])
      assert.doesNotMatch(maskUnread(text), /se|ret|me|m@e/, text);
    assert.equal(maskUnread('nats://a:b@h'), 'nats://****:****@h');
    assert.equal(maskUnread('http://host:1'), 'http://host:1');
  });

  test('of any address that somebody has written', () => {
    for (const [address, shown] of [
      ['https://me:secret@host/a@b', 'https://****:****@host/a@b'],
      ['https://me:sec/ret@host', 'https://****:****@host'],
      ['me:secret@host:1', '****:****@host:1'],
      ['//me:secret@host', '****:****@host'],
      ['host:1/x', 'host:1/x'],
      ['me@host', 'me@host'],
    ] as const)
      assert.equal(maskAddress(address), shown);
  });

  test('in a line of a script, nor in a message', () => {
    for (const [line, shown] of [
      ["import a from 'https://me:secret@host/a.js'; b", "import a from 'https://****:****@host/a.js'; b"],
      ['"https://me:sec/ret@host/a" + "x@y"', '"https://****:****@host/a" + "x@y"'],
      ['of https://a:secret@h/1, and http://b:secret@h/2', 'of https://****:****@h/1, and http://****:****@h/2'],
      ["import a from 'https://me:se cret@h/a'; // x@y", "import a from 'https://****:****@h/a'; // x@y"],
      ['as in http://user:password@proxy:3128', 'as in http://user:password@proxy:3128'],
      ["import _ from 'https://unpkg.com/lodash@4/x.js';", "import _ from 'https://unpkg.com/lodash@4/x.js';"],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of a script
      ['`https://${HOST}/npm/x@1`', '`https://${HOST}/npm/x@1`'],
    ] as const)
      assert.equal(maskWithin(line), shown);
  });
});

test('a text of many beginnings of addresses is looked through once', () => {
  for (const part of ['://', 'a+', 'a://', 'ht:']) {
    const text = part.repeat(200_000);
    assert.equal(maskAddress(text), text);
    assert.equal(maskWithin(text), text);
  }
  assert.equal(maskWithin('see 9http://me:it@host/a'), 'see 9http://****:****@host/a');
});
