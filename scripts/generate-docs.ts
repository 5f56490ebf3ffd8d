// Writes what is derived from the code: pages of docs/, the list that locks them, the table and the types together, and what the compiler
// knows of the modules of scripts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderCodesLock, renderCodesPage } from './codes-page.ts';
import { findStrayPages, renderCommandPages } from './command-pages.ts';
import { renderModuleTraits, TRAITS_FILE } from './module-traits.ts';
import { renderOptionTables } from './options-page.ts';
import { ROOT } from './root.ts';

const OPTIONS_PAGE = 'docs/reference/options.md';

const PAGES: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries([...(await renderCommandPages())].map(([page, text]) => [page, () => text])),
  'docs/reference/codes.md': renderCodesPage,
  [OPTIONS_PAGE]: () => renderOptionTables(readFileSync(path.join(ROOT, OPTIONS_PAGE), 'utf8')),
  'test/architecture/codes-lock.ts': renderCodesLock,
  [TRAITS_FILE]: renderModuleTraits,
};

for (const [page, render] of Object.entries(PAGES)) {
  const file = path.join(ROOT, page);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, render());
  console.log(`wrote ${page}`);
}

for (const page of await findStrayPages())
  console.log(`${page} belongs to no command: move what is of use, and delete it`);
