import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CATALOGUE } from '../codes/index.ts';
import { guideNames, readGuide } from './guide-files.ts';
import { LANGUAGES } from './languages.ts';
import { isOwnPage } from './pages/front.ts';
import type { ReferenceTexts } from './texts/reference-texts.ts';
import { englishDigests, outdatedTranslations } from './translations.ts';

const [english, ...others] = LANGUAGES;

for (const { tag } of others)
  test(`the translations into ${tag} are of the English that there is ("npm run translations" says more)`, () => {
    const madeFrom = JSON.parse(readFileSync(new URL(`./texts/${tag}/made-from.json`, import.meta.url), 'utf8'));
    assert.deepEqual(outdatedTranslations(madeFrom), []);
    assert.deepEqual(
      Object.keys(madeFrom).filter((key) => !englishDigests().has(key)),
      [],
    );
  });

test('a change of the English is found', () => {
  const madeFrom = Object.fromEntries(englishDigests());
  assert.deepEqual(outdatedTranslations({ ...madeFrom, 'grpc.9': 'another' }), ['grpc.9']);
});

/** Every text of a language with a name for it. */
function allTexts({ code, httpProducers, ...groups }: ReferenceTexts): Map<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'string') found.set(name, value);
    else for (const [key, part] of Object.entries(value as object)) add(`${name}.${key}`, part);
  };
  for (const entry of CATALOGUE.filter(isOwnPage)) add(`code.${entry.code}`, code(entry.code));
  add('httpProducers', httpProducers);
  for (const [name, group] of Object.entries(groups)) add(name, group);
  return found;
}

/** What must stay as it is: code in backticks, and the names of gRPC's statuses. */
const unchanging = (text: string): string[] =>
  [...(text.match(/`[^`]+`/g) ?? []), ...(text.match(/\b[A-Z]+_[A-Z_]+\b/g) ?? [])].sort();

for (const { tag, texts } of others) {
  test(`${tag} has a text for every text, of its own, with the same code in it`, () => {
    const translated = allTexts(texts);
    const originals = allTexts(english.texts);
    assert.deepEqual([...translated.keys()].sort(), [...originals.keys()].sort());
    for (const [name, text] of originals) {
      const other = translated.get(name)!;
      assert.deepEqual(unchanging(other), unchanging(text), `${name}: ${other}`);
      if (tag === 'ru')
        assert.match(other, /[а-яё]|^HTTP\/2 [A-Z_]+|^(?:PATCH|PUT|POST|DELETE) /i, `${name}: ${other}`);
    }
  });

  test(`the guides in ${tag} have the parts of the English ones`, () => {
    for (const name of guideNames()) {
      const [own, original] = [readGuide(tag, name), readGuide(english.tag, name)];
      const headings = (body: string) => body.match(/^#+ /gm) ?? [];
      const blocks = (body: string) => body.match(/^```[\s\S]*?^```/gm) ?? [];
      assert.deepEqual(headings(own.body), headings(original.body), name);
      assert.deepEqual(blocks(own.body), blocks(original.body), name);
      for (const { title, lead, body } of [own, original]) {
        const words = `${title} ${lead} ${body.replaceAll(/^```[\s\S]*?^```/gm, '')}`.split(/\s+/).length;
        assert.ok(words >= 700 && words <= 1200, `${name}: ${words} words`);
      }
    }
  });
}
