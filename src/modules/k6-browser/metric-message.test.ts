// Names that a handler gives to metrics by their URL and method (k6 page "MetricMessage").
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRealm } from '../../script/realm.ts';
import { MetricMessage, tagMatch } from './metric-message.ts';
import { PageFunctions } from './page-function.ts';
import type { Reader } from './readers.ts';

const reading = { functions: new PageFunctions(createRealm()), handleOf: () => null };
const read = (value: unknown) => tagMatch(value, 'tag()', reading) as Parameters<MetricMessage['tag']>[0];
const named = (url: string, method: string | null, ...matches: unknown[]): string | null => {
  const message = new MetricMessage(url, method);
  message.tag(read({ name: 'shop', matches }));
  return message.name;
};

test('a metric whose URL matches gets the name, one that does not keeps its own', () => {
  assert.equal(named('https://x.example/item/5', 'GET', { url: /\/item\/\d+$/ }), 'shop');
  assert.equal(named('https://x.example/cart', 'GET', { url: /\/item\/\d+$/ }), null);
  assert.equal(
    named('https://x.example/cart', 'GET', { url: /\/item/ }, { url: /cart/ }),
    'shop',
    'one of several is enough',
  );
});

test('where a method is given it has to be that, in whatever case; what is no request has none', () => {
  assert.equal(named('https://x.example/', 'POST', { url: /./, method: 'post' }), 'shop');
  assert.equal(named('https://x.example/', 'GET', { url: /./, method: 'POST' }), null);
  assert.equal(named('https://x.example/', null, { url: /./, method: 'GET' }), null);
  assert.equal(named('https://x.example/', null, { url: /./, method: null }), 'shop');
});

test('the last name that fits counts, and a pattern that remembers where it was matches again', () => {
  const message = new MetricMessage('https://x.example/item/5', 'GET');
  const matches = [{ url: /item/g }];
  for (const name of ['first', 'second']) message.tag(read({ name, matches }));
  assert.equal(message.name, 'second');
  const rule = read({ name: 'again', matches });
  const [one, two] = [
    new MetricMessage('https://x.example/item/1', 'GET'),
    new MetricMessage('https://x.example/item/2', 'GET'),
  ];
  one.tag(rule);
  two.tag(rule);
  assert.deepEqual([one.name, two.name], ['again', 'again']);
  message.tag(read({ name: ' other ', matches: [{ url: /nothing/ }] }));
  assert.equal(message.name, 'second');
  assert.equal(read({ name: ' blanks ', matches }).name, 'blanks');
});

test('what cannot be used is named, by its place', () => {
  const refused = (reader: Reader, value: unknown, message: string): void =>
    assert.throws(() => reader(value, 'tag()', reading), { name: 'TypeError', message });
  const url = /./;
  for (const [value, message] of [
    [undefined, 'tag() takes { name, matches }, not undefined'],
    [{ matches: [{ url }] }, 'name of tag() must be text, not undefined'],
    [{ name: ' ', matches: [{ url }] }, 'name of tag() must not be empty'],
    [{ name: 'a' }, 'matches of tag() must be a list of { url, method }'],
    [{ name: 'a', matches: [] }, 'matches of tag() must be a list of { url, method }'],
    [{ name: 'a', matches: [{ url: 'text' }] }, 'url of match 1 of tag() must be a regular expression'],
    [{ name: 'a', matches: [{ url }, null] }, 'url of match 2 of tag() must be a regular expression'],
    [{ name: 'a', matches: [undefined] }, 'url of match 1 of tag() must be a regular expression'],
    [
      { name: 'a', matches: [{ url, method: 'FETCH' }] },
      'method of match 1 of tag() must be one of GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD, TRACE, CONNECT',
    ],
  ] as const)
    refused(tagMatch, value, message);
});
