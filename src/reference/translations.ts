import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CATALOGUE } from '../codes/index.ts';
import { guideNames } from './guide-files.ts';
import { isOwnPage } from './pages/front.ts';
import { englishTexts } from './texts/english-texts.ts';

/** Names a piece of English that is translated as one: `grpc.9`, `code.1212`, `guide.retry`. */
export type TextKey = string;

/** A few characters that change when the English does. */
function digest(text: unknown): string {
  return createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 10);
}

/** The digest of every piece of English there is to translate. */
export function englishDigests(): ReadonlyMap<TextKey, string> {
  const { code, httpProducers, ...groups } = englishTexts;
  return new Map([
    ...CATALOGUE.filter(isOwnPage).map((entry): [TextKey, string] => [`code.${entry.code}`, digest(code(entry.code))]),
    ...Object.entries(groups).flatMap(([group, texts]) =>
      Object.entries(texts).map(([key, text]): [TextKey, string] => [`${group}.${key}`, digest(text)]),
    ),
    ['httpProducers', digest(httpProducers)],
    ...guideNames().map((name): [TextKey, string] => [
      `guide.${name}`,
      digest(readFileSync(new URL(`./guides/en/${name}.md`, import.meta.url), 'utf8')),
    ]),
  ]);
}

/** @returns which pieces of English have changed since they were translated, or were never translated */
export function outdatedTranslations(madeFrom: Readonly<Record<TextKey, string>>): readonly TextKey[] {
  return [...englishDigests()].filter(([key, now]) => madeFrom[key] !== now).map(([key]) => key);
}
