// Writes what is derived from the code: pages of docs/, and the list that locks them, the table and the types together.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderCodesLock, renderCodesPage } from './codes-page.ts';
import { ROOT } from './root.ts';

const PAGES: Readonly<Record<string, () => string>> = {
  'docs/reference/codes.md': renderCodesPage,
  'test/architecture/codes-lock.ts': renderCodesLock,
};

for (const [page, render] of Object.entries(PAGES)) {
  const file = path.join(ROOT, page);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, render());
  console.log(`wrote ${page}`);
}
