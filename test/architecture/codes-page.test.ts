import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { renderCodesLock, renderCodesPage } from '../../scripts/codes-page.ts';
import { ROOT } from '../../scripts/root.ts';
import { CATALOGUE } from '../../src/codes/index.ts';
import { CODES_LOCK, NAMES_ARE_EXACT } from './codes-lock.ts';

const page = readFileSync(path.join(ROOT, 'docs/reference/codes.md'), 'utf8');

test('docs/reference/codes.md is what the catalogue says ("npm run docs" writes it anew)', () => {
  assert.equal(page, renderCodesPage());
});

test('the page lists exactly the codes of the table', () => {
  const listed = [...page.matchAll(/^\| ([12]\d{3}) \| `(\w+)` \|/gm)].map((match) => `${match[1]} ${match[2]}`);
  assert.deepEqual(
    listed,
    CATALOGUE.map((entry) => `${entry.code} ${entry.name}`),
  );
});

test('the types know exactly the codes of the table', () => {
  // The compiler has compared the list with the types; here it is compared with the table.
  assert.equal(readFileSync(path.join(ROOT, 'test/architecture/codes-lock.ts'), 'utf8'), renderCodesLock());
  assert.deepEqual(
    Object.entries(CODES_LOCK),
    CATALOGUE.map((entry) => [String(entry.code), entry.name]),
  );
  assert.ok(NAMES_ARE_EXACT);
});
