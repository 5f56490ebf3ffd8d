// `sixfold docs`, as somebody types it, and the same pages under the address of a run.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fastify } from 'fastify';
import { addDocs } from '../../src/control/routes/docs.ts';
import { FILE_PATHS, renderFile } from '../../src/reference/site.ts';
import { Command, runCommand } from '../end-to-end/command.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sixfold-docs-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('sixfold docs', { concurrency: 2 }, () => {
  test('--export writes every file, the same as a server sends, and says where to begin', async () => {
    const words = ['docs', 'codes.FailedPrecondition', '--export', 'site', '--lang', 'ru'];
    const { exit, stdout } = await runCommand(words, { cwd: folder });
    assert.equal(exit, 0);
    assert.match(stdout, /wrote \d+ files; open site\/ru\/grpc\/9-failed-precondition\.html/);
    const site = path.join(folder, 'site');
    const written = readdirSync(site, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => path.relative(site, path.join(one.parentPath, one.name)));
    assert.deepEqual(written.sort(), [...FILE_PATHS].sort());
    for (const file of ['ru/grpc/9-failed-precondition.html', 'en/codes/1212.html', 'ru/search-index.js'])
      assert.equal(readFileSync(path.join(site, file), 'utf8'), await renderFile(file));
  });

  test('what nobody knows has no page', async () => {
    const { exit, stderr } = await runCommand(['docs', 'UNAVAILIBLE'], { cwd: folder });
    assert.equal(exit, 255);
    assert.match(stderr, /Nothing is known about "UNAVAILIBLE"\. Did you mean: UNAVAILABLE/);
  });

  test('a code is served, its link printed, until Ctrl-C', async () => {
    const command = new Command(['docs', 'read: connection reset by peer', '--lang', 'en'], { cwd: folder });
    const [, origin, page] = await command.printed(/The reference is at (http:\/\/127\.0\.0\.1:\d+)(\/docs\/\S+)/);
    assert.equal(page, '/docs/en/codes/1220.html');
    const response = await fetch(`${origin}${page}`);
    assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.match(await response.text(), /Connection reset by peer/);
    const statusOf = async (url: string, init: RequestInit = {}) =>
      (await fetch(`${origin}${url}`, { redirect: 'manual', ...init })).status;
    assert.equal(await statusOf('/'), 302);
    assert.equal(await statusOf('/docs/en/codes/9999.html'), 404);
    assert.equal(await statusOf('/docs/', { method: 'POST' }), 405);
    command.child.kill('SIGINT');
    assert.equal((await command.ended).exit, 0);
  });
});

test('under the address of a run: /docs/ leads to the language, /docs/go to the page', async () => {
  const app = fastify();
  addDocs(app);
  const locationOf = async (url: string, language: string) =>
    (await app.inject({ url, headers: { 'accept-language': language } })).headers['location'];
  assert.equal(await locationOf('/docs', 'en'), '/docs/');
  assert.equal(await locationOf('/docs/', 'ru-RU,ru;q=0.9'), 'ru/index.html');
  assert.equal(await locationOf('/docs/go?q=1220', 'en'), 'en/codes/1220.html');
  const page = await app.inject('/docs/en/codes/1220.html');
  assert.equal(page.statusCode, 200);
  assert.equal(page.body, await renderFile('en/codes/1220.html'));
  await app.close();
});
