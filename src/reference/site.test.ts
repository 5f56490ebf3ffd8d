import assert from 'node:assert/strict';
import path from 'node:path/posix';
import { before, test } from 'node:test';
import { parse } from 'parse5';
import { explainSubject } from '../cli/explain-text.ts';
import {
  CATALOGUE,
  EXIT_CODES,
  GRPC_STATUSES,
  HTTP_STATUSES,
  HTTP2_ERRORS,
  lookUp,
  PLAIN_HTTP_STATUSES,
  WEBSOCKET_CLOSES,
} from '../codes/index.ts';
import { answerReference, findPage } from './answer.ts';
import { LANGUAGES } from './languages.ts';
import { closePath, codePath, exitPath, grpcPath, http2Path, httpPath } from './routes.ts';
import { FILE_PATHS, PAGE_PATHS, renderFile } from './site.ts';

interface ParsedPage {
  readonly links: readonly string[];
  readonly ids: readonly string[];
  readonly text: string;
  readonly main: string;
  readonly lang: string;
}

interface Node {
  readonly nodeName: string;
  readonly value?: string;
  readonly attrs?: readonly { name: string; value: string }[];
  readonly childNodes?: readonly Node[];
}

function parsePage(source: string): ParsedPage {
  const links: string[] = [];
  const ids: string[] = [];
  let lang = '';
  let main = '';
  const textOf = (node: Node): string => {
    if (node.nodeName === '#text') return node.value ?? '';
    const attribute = (name: string) => node.attrs?.find((one) => one.name === name)?.value;
    for (const name of ['href', 'src', 'data-index']) {
      const link = attribute(name);
      if (link !== undefined) links.push(link);
    }
    const refresh = /url=(.*)$/.exec(attribute('content') ?? '')?.[1];
    if (refresh !== undefined) links.push(refresh);
    const id = attribute('id');
    if (id !== undefined) ids.push(id);
    if (node.nodeName === 'html') lang = attribute('lang') ?? '';
    const inner = (node.childNodes ?? []).map(textOf).join('');
    const text = /^(?:p|h\d|li|dt|dd|td|th|pre|section|div)$/.test(node.nodeName) ? ` ${inner} ` : inner;
    if (node.nodeName === 'main') main = text.replaceAll(/\s+/g, ' ').trim();
    return text;
  };
  const text = textOf(parse(source) as unknown as Node).replaceAll(/\s+/g, ' ');
  return { links, ids, text, main, lang };
}

const files = new Map<string, string>();
const pages = new Map<string, ParsedPage>();

before(async () => {
  for (const file of FILE_PATHS) {
    const text = await renderFile(file);
    assert.ok(text, `${file} is empty`);
    files.set(file, text);
    if (file.endsWith('.html')) pages.set(file, parsePage(text));
  }
});

test('every status, code and error has a page in every language', () => {
  const wanted = [
    ...GRPC_STATUSES.map(({ status }) => grpcPath(status)),
    ...[...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES].map(({ status }) => httpPath(status)),
    ...CATALOGUE.flatMap(({ code }) => [codePath(code), `codes/${code}.html`]),
    ...HTTP2_ERRORS.map(({ error }) => http2Path(error)),
    ...WEBSOCKET_CLOSES.map(({ close }) => closePath(close)),
    ...EXIT_CODES.map(({ exit }) => exitPath(exit)),
  ];
  for (const { tag } of LANGUAGES)
    for (const page of wanted) {
      assert.ok(pages.has(`${tag}/${page}`), `${tag}/${page}`);
      assert.equal(pages.get(`${tag}/${page}`)?.lang, tag);
    }
});

test('every link and anchor leads to something, and to no other server', () => {
  for (const [file, { links }] of pages)
    for (const link of links) {
      if (/^https:/.test(link)) continue;
      assert.doesNotMatch(link, /^[a-z]+:|^\//, `${file}: ${link}`);
      const [to = '', anchor] = link.split('#');
      const target = to === '' ? file : path.join(path.dirname(file), to);
      assert.ok(files.has(target), `${file}: ${link} is not there`);
      if (anchor !== undefined) assert.ok(pages.get(target)?.ids.includes(anchor), `${file}: ${link} has no anchor`);
    }
});

test('an id is given once to a page', () => {
  for (const [file, { ids }] of pages) assert.equal(new Set(ids).size, ids.length, `${file}: ${ids}`);
});

test('no page says the same in two languages', () => {
  for (const page of PAGE_PATHS) {
    const texts = LANGUAGES.map(({ tag }) => pages.get(`${tag}/${page}`)?.main);
    assert.equal(new Set(texts).size, LANGUAGES.length, page);
  }
});

test('Russian pages are in Russian: no sentence of the catalogue is left in English', () => {
  const english = LANGUAGES[0].texts;
  const sentences = [
    ...GRPC_STATUSES.flatMap(({ status }) => [english.grpc[status].meaning, ...english.grpc[status].details]),
    ...HTTP_STATUSES.map(({ status }) => english.http[status].meaning),
    ...CATALOGUE.filter((entry) => entry.code >= 1900 || entry.code < 1400).map(({ meaning }) => meaning),
  ].filter((text) => text.length > 12);
  for (const [file, { text }] of pages)
    if (file.startsWith('ru/'))
      for (const sentence of sentences) assert.ok(!text.includes(sentence), `${file}: ${sentence}`);
});

/** Text without what marks code and stress, and without the ends of lines. */
const plain = (text: string) => text.replaceAll(/[`*]/g, '').replaceAll(/\s+/g, ' ');

test('"sixfold explain" and the page say the same', () => {
  const asked = [
    ...GRPC_STATUSES.map(({ status }) => ({ query: `grpc ${status}`, page: grpcPath(status) })),
    ...HTTP_STATUSES.map(({ status }) => ({ query: `http ${status}`, page: httpPath(status) })),
    ...PLAIN_HTTP_STATUSES.map(({ status }) => ({ query: `http ${status}`, page: httpPath(status) })),
    ...CATALOGUE.filter(({ code }) => codePath(code).startsWith('codes/')).map(({ code }) => ({
      query: `code ${code}`,
      page: codePath(code),
    })),
    ...WEBSOCKET_CLOSES.map(({ close }) => ({ query: `close ${close}`, page: closePath(close) })),
    ...EXIT_CODES.map(({ exit }) => ({ query: `exit ${exit}`, page: exitPath(exit) })),
  ];
  for (const { query, page } of asked) {
    const subject = lookUp(query)[0];
    assert.ok(subject, query);
    const said = explainSubject(subject, { width: 10_000, colour: false });
    const shown = plain(pages.get(`en/${page}`)!.text);
    for (const label of ['Meaning', 'Comes from', 'By a library', 'Retry', 'Look first']) {
      const text = new RegExp(`^ +${label} +(.*)$`, 'm').exec(said)?.[1];
      if (text !== undefined) assert.ok(shown.includes(plain(text)), `${page} lacks: ${text}`);
    }
    assert.equal(findPage(query), page);
  }
});

test('what is put into a page cannot become HTML', async () => {
  const { html } = await import('./html.ts');
  assert.equal(html`<p>${'<b>&"'}</p>`.text, '<p>&lt;b&gt;&amp;&quot;</p>');
  assert.equal(html`${[html`<i></i>`, 'a<', null, false, 3]}`.text, '<i></i>a&lt;3');
});

test('an export is small enough to be mailed', () => {
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  assert.ok(bytes < 6_000_000, `${bytes} bytes`);
});

test('a server leads to the language of the browser, and to the page that is asked for', async () => {
  const locationOf = async (url: string, language?: string) =>
    (await answerReference(url, language)).headers['location'];
  assert.equal(await locationOf('/', 'ru-RU,ru;q=0.9,en;q=0.8'), 'ru/index.html');
  assert.equal(await locationOf('/', 'de,en;q=0.5,ru;q=0.7'), 'ru/index.html');
  assert.equal(await locationOf('/', undefined), 'en/index.html');
  assert.equal(await locationOf('/go?q=UNAVAILABLE', 'en'), 'en/grpc/14-unavailable.html');
  assert.equal(await locationOf('/go?q=1404&lang=ru', 'en'), 'ru/http/404.html');
  assert.equal(await locationOf('/go?q=ECONNRESET', 'en'), 'en/codes/1220.html');
  assert.equal(await locationOf('/go?q=nonsense', 'en'), 'en/index.html');
  for (const hostile of [
    '/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/../site.ts',
    '/en/%00',
    '/%E0%A4%A',
  ])
    assert.equal((await answerReference(hostile, 'en')).status, 404, hostile);
});
