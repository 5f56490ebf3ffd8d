// The search as the browser asks it: the index that the pages load, by the same options.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import MiniSearch from 'minisearch';
import { CATALOGUE, EXIT_CODES, GRPC_STATUSES, HTTP_STATUSES, HTTP2_ERRORS, WEBSOCKET_CLOSES } from '../codes/index.ts';
import { LANGUAGES } from './languages.ts';
import { closePath, codePath, exitPath, grpcPath, http2Path, httpPath } from './routes.ts';
import { searchIndexScript } from './search-index.ts';
import { SEARCH_OPTIONS } from './search-options.ts';
import { FILE_PATHS } from './site.ts';
import { stem } from './stem.ts';

const indexes = LANGUAGES.map((language) => {
  const script = searchIndexScript(language);
  const json = /^window\.sixfoldIndex = (.*);\n$/s.exec(script)![1]!;
  const index = MiniSearch.loadJSON(json, SEARCH_OPTIONS as never);
  return { tag: language.tag, script, find: (query: string) => index.search(query).map(({ id }) => String(id)) };
});

test('a number leads to what has it, of several to the one that is looked for most', () => {
  for (const { tag, find } of indexes) {
    for (const { status } of GRPC_STATUSES.filter((row) => row.status > 0)) {
      assert.ok(find(String(status)).includes(grpcPath(status)), `${tag} ${status}`);
      assert.equal(find(String(1800 + status))[0], grpcPath(status), `${tag} ${1800 + status}`);
    }
    for (const { status } of HTTP_STATUSES) {
      assert.equal(find(String(status))[0], httpPath(status), `${tag} ${status}`);
      assert.equal(find(String(1000 + status))[0], httpPath(status), `${tag} ${1000 + status}`);
    }
    for (const { code } of CATALOGUE.filter((entry) => codePath(entry.code).startsWith('codes/')))
      assert.equal(find(String(code))[0], codePath(code), `${tag} ${code}`);
    for (const { close } of WEBSOCKET_CLOSES)
      assert.ok(find(String(close)).includes(closePath(close)), `${tag} ${close}`);
    for (const { exit } of EXIT_CODES) assert.ok(find(String(exit)).includes(exitPath(exit)), `${tag} ${exit}`);
  }
});

test('names lead to their page in every language: of statuses, constants of clients, errors of the system', () => {
  for (const { tag, find } of indexes) {
    for (const { status, name } of GRPC_STATUSES) assert.equal(find(name)[0], grpcPath(status), `${tag} ${name}`);
    for (const { error, name } of HTTP2_ERRORS)
      assert.ok(find(name).slice(0, 3).includes(http2Path(error)), `${tag} ${name}`);
    for (const [query, page] of [
      ['codes.DeadlineExceeded', grpcPath(4)],
      ['deadlineexceeded', grpcPath(4)],
      ['StatusNotFound', httpPath(404)],
      ['ECONNREFUSED', codePath(1212)],
      ['econnreset', codePath(1220)],
      ['NGHTTP2_REFUSED_STREAM', http2Path(7)],
    ] as const)
      assert.ok(find(query).slice(0, 2).includes(page), `${tag} ${query}: ${find(query).slice(0, 3)}`);
  }
});

test('half a word and a slip of the pen still lead there; a slip in a number is another number', () => {
  for (const { tag, find } of indexes) {
    assert.equal(find('unavail')[0], grpcPath(14), tag);
    assert.equal(find('unavailible')[0], grpcPath(14), tag);
    assert.equal(find('RESOURCE_EXHAUSTD')[0], grpcPath(8), tag);
    assert.ok(find('40').includes(httpPath(404)), 'while one still types');
    assert.deepEqual(find('9999'), [], tag);
    assert.deepEqual(find('qqqqzzzz'), [], tag);
    assert.deepEqual(find(''), [], tag);
    assert.deepEqual(find('404 qqqqzzzz'), [], 'all words count');
  }
});

test('what is found is a page that there is, and the index cannot end the script that it is in', () => {
  for (const { tag, script, find } of indexes) {
    assert.ok(!script.includes('<'), tag);
    for (const query of ['1', 'http', 'timeout', 'error', 'a', 'retry', 'повтор', 'соединение', 'таймаут'])
      for (const id of find(query)) assert.ok(FILE_PATHS.includes(`${tag}/${id}`), `${tag}/${id}`);
  }
});

test('a Russian word is found by its other forms, and is never cut to nothing', () => {
  for (const forms of [
    ['соединение', 'соединения', 'соединению', 'соединением', 'соединении'],
    ['ошибка', 'ошибки', 'ошибке', 'ошибку', 'ошибкой', 'ошибками'],
    ['удаляемый', 'удаляемого', 'удаляемому', 'удаляемым', 'Удаляемая'],
    ['сервер', 'сервера', 'серверу', 'сервером', 'серверов', 'серверах'],
    ['счётчик', 'счетчика', 'СЧЁТЧИКОВ'],
  ])
    assert.equal(new Set(forms.map(stem)).size, 1, `${forms} become ${forms.map(stem)}`);
  for (const word of ['или', 'ним', 'её', 'ями', 'иями', 'ающая', 'unavailable', 'E1', '404', 'код', 'vus', '', 'ё'])
    assert.ok(stem(word).length >= Math.min(3, word.length), word);
  assert.equal(stem('UNAVAILABLE'), 'unavailable');
  assert.equal(stem('grpc-статус'), 'grpc-статус', 'what is not all Russian stays');
});
