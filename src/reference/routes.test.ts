import assert from 'node:assert/strict';
import path from 'node:path/posix';
import { test } from 'node:test';
import { codePath, exitPath, grpcPath, http2Path, httpPath, relativeLink } from './routes.ts';
import { FILE_PATHS, renderFile } from './site.ts';

test('a link leads from one page to the other, with its anchor; one to a folder is one to go on from', () => {
  const cases: [from: string, to: string, link: string][] = [
    ['index.html', 'grpc/5-not-found.html', 'grpc/5-not-found.html'],
    ['grpc/5-not-found.html', 'index.html', '../index.html'],
    ['grpc/5-not-found.html', 'grpc/3-invalid-argument.html', '3-invalid-argument.html'],
    ['grpc/5-not-found.html', 'http/404.html', '../http/404.html'],
    ['grpc/5-not-found.html', 'index.html#http', '../index.html#http'],
    ['en/grpc/5-not-found.html', 'assets/site.css', '../../assets/site.css'],
    ['en/index.html', 'ru/index.html', '../ru/index.html'],
    ['en/index.html', 'en/', ''],
    ['en/grpc/5-not-found.html', 'en/', '../'],
    ['en/a/b/c.html', 'en/', '../../'],
  ];
  for (const [from, to, link] of cases) {
    assert.equal(relativeLink(from, to), link, `${from} → ${to}`);
    const reached = path.join(path.dirname(from), relativeLink(from, to) || '.');
    assert.equal(path.normalize(reached).replace(/\/$/, ''), path.normalize(to).replace(/\/$/, ''));
  }
});

test('what the search puts behind the root of a page is a page, wherever one looks from', async () => {
  const pages = FILE_PATHS.filter((file) => /^en\/.*\.html$/.test(file));
  for (const page of [pages[0]!, ...pages.filter((_, place) => place % 40 === 0)]) {
    const source = (await renderFile(page))!;
    const root = /data-root="([^"]*)"/.exec(source)?.[1];
    // Pages that only lead on have no search.
    if (root === undefined) continue;
    for (const id of [grpcPath(14), httpPath(404), codePath(1220), 'index.html']) {
      const reached = path.join(path.dirname(page), root + id);
      assert.ok(FILE_PATHS.includes(reached), `${page}: ${root}${id}`);
    }
  }
});

test('paths have the names that things have', () => {
  assert.equal(grpcPath(14), 'grpc/14-unavailable.html');
  assert.equal(grpcPath(0), 'grpc/0-ok.html');
  assert.equal(http2Path(7), 'http2/7-refused-stream.html');
  assert.equal(exitPath(99), 'exit/99.html');
  // Codes of statuses are described with their status.
  assert.deepEqual(
    [codePath(1404), codePath(1814), codePath(1220)],
    ['http/404.html', 'grpc/14-unavailable.html', 'codes/1220.html'],
  );
  assert.equal(codePath(9999), 'codes/9999.html');
});
