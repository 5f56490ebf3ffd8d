import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHtml, Html, html } from './html.ts';
import { type ProseLinks, prose } from './prose.ts';

const LINKS: ProseLinks = {
  grpc: (status) => `g${status}`,
  http: (status) => `h${status}`,
  code: (code) => `c${code}`,
};
const NOWHERE: ProseLinks = { grpc: () => null, http: () => null, code: () => null };

test('code, stress, statuses and numbers of the catalogue are marked, and everything else is text', () => {
  const cases: [text: string, html: string][] = [
    ['', ''],
    ['plain & <b>', 'plain &amp; &lt;b&gt;'],
    ['send `a < b`', 'send <code>a &lt; b</code>'],
    ['*not* this', '<em>not</em> this'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['an * alone', 'an * alone'],
    ['`*code*` and `1404`', '<code>*code*</code> and <code>1404</code>'],
    ['*a `b`*', '<em>a `b`</em>'],
    ['HTTP 404 and 404', '<a href="h404">HTTP 404</a> and 404'],
    ['HTTP 432', 'HTTP 432'],
    ['HTTP 4040', 'HTTP 4040'],
    ['UNAVAILABLE, then', '<a href="g14">UNAVAILABLE</a>, then'],
    ['RESOURCE_EXHAUSTED', '<a href="g8">RESOURCE_EXHAUSTED</a>'],
    ['OK is none', 'OK is none'],
    ['GET and POST', 'GET and POST'],
    ['XUNAVAILABLE UNAVAILABLEX', 'XUNAVAILABLE UNAVAILABLEX'],
    ['see 1220.', 'see <a href="c1220">1220</a>.'],
    ['(1220)', '(<a href="c1220">1220</a>)'],
    ['1220, 1212', '<a href="c1220">1220</a>, <a href="c1212">1212</a>'],
    // Ports, sizes, versions and ranges are no codes.
    ['localhost:1220', 'localhost:1220'],
    ['1220.5 and 1,220', '1220.5 and 1,220'],
    ['1211–1220', '1211–1220'],
    ['1220/1212', '1220/1212'],
    ['12200', '12200'],
    ['1999', '1999'],
    ['unfinished `code', 'unfinished `code'],
  ];
  for (const [text, expected] of cases) assert.equal(prose(text, LINKS).text, expected, text);
});

test('a page does not link to itself', () => {
  assert.equal(prose('HTTP 404, UNAVAILABLE and 1220', NOWHERE).text, 'HTTP 404, UNAVAILABLE and 1220');
});

test('an address cannot leave its attribute', () => {
  const links: ProseLinks = { ...NOWHERE, http: () => '"><script>' };
  assert.equal(prose('HTTP 404', links).text, '<a href="&quot;&gt;&lt;script&gt;">HTTP 404</a>');
});

test('templates escape what is put in, at any depth, and leave nothing of nothing', () => {
  const nothing = [null, undefined, false, '', []] as const;
  for (const value of nothing) assert.equal(html`<p>${value}</p>`.text, '<p></p>', String(value));
  assert.equal(html`${0}|${-1.5}|${['<', [html`<i>${"'"}</i>`, ['&']]]}`.text, '0|-1.5|&lt;<i>&#39;</i>&amp;');
  assert.equal(html`<a title="${'"onload="x'}">`.text, '<a title="&quot;onload=&quot;x">');
  assert.equal(html`only ${new Html('<b>')}`.text, 'only <b>');
  assert.equal(html``.text, '');
  assert.equal(escapeHtml('&amp;'), '&amp;amp;', 'what looks escaped is text too');
});
