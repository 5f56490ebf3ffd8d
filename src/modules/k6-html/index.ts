// k6/html: pages as trees to search (k6 page "k6/html").
import type { HostModule } from '../../vu/environment.ts';
import { toBytes } from '../../vu/script-bytes.ts';
import { parseToSelection } from './realm-pages.ts';

/** The text of a page, from what a script has: a body that never came is an empty page. */
function textOfPage(value: unknown): string {
  if (value === undefined || value === null) return '';
  const bytes = toBytes(value);
  return bytes === null ? String(value) : Buffer.from(bytes).toString('utf8');
}

export const htmlModule: HostModule = {
  specifier: 'k6/html',
  create({ realm }) {
    const parseHTML = realm.hostFunction('parseHTML', 1, (page: unknown) => parseToSelection(realm, textOfPage(page)));
    const exports = { named: { parseHTML } };
    return () => exports;
  },
};
