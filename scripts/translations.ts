// `npm run translations`: lists the texts of the reference whose English has changed since they were translated.
// `npm run translations -- ru grpc.9 code.1212` says that these were translated anew; `ru all` says it of all.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LANGUAGE_TAGS } from '../src/reference/language-tags.ts';
import { englishDigests, outdatedTranslations } from '../src/reference/translations.ts';
import { ROOT } from './root.ts';

const fileOf = (tag: string): string => path.join(ROOT, `src/reference/texts/${tag}/made-from.json`);
const readMadeFrom = (tag: string): Record<string, string> =>
  existsSync(fileOf(tag)) ? JSON.parse(readFileSync(fileOf(tag), 'utf8')) : {};

const [tag, ...keys] = process.argv.slice(2);
if (tag === undefined) {
  for (const one of LANGUAGE_TAGS.filter((language) => language !== 'en')) {
    const outdated = outdatedTranslations(readMadeFrom(one));
    console.log(`${one}: ${outdated.length === 0 ? 'all translations are current' : outdated.join(' ')}`);
  }
} else {
  const now = englishDigests();
  const madeFrom = readMadeFrom(tag);
  const kept = Object.entries(madeFrom).filter(([key]) => now.has(key));
  const made = [...now].filter(([key]) => keys.includes(key) || keys.includes('all'));
  const all = Object.fromEntries([...kept, ...made].sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(fileOf(tag), `${JSON.stringify(all, null, 2)}\n`);
  console.log(`${tag}: ${made.length} texts are current from now on`);
}
