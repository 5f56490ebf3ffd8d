import type { LanguageTag } from './language-tags.ts';
import { en } from './messages/en.ts';
import type { Messages } from './messages/messages.ts';
import { ru } from './messages/ru.ts';
import { englishTexts } from './texts/english-texts.ts';
import type { ReferenceTexts } from './texts/reference-texts.ts';
import { russianTexts } from './texts/ru/russian-texts.ts';

/** A language of the reference: the folder of its pages, and everything that they say. */
export interface Language {
  /** As in `lang` and in paths: `en`. */
  readonly tag: LanguageTag;
  /** In itself, for the switch. */
  readonly name: string;
  readonly messages: Messages;
  readonly texts: ReferenceTexts;
}

/** In the order of the switch. A further language is a line here, and folders in `messages/`, `texts/` and `guides/`. */
export const LANGUAGES = [
  { tag: 'en', name: 'English', messages: en, texts: englishTexts },
  { tag: 'ru', name: 'Русский', messages: ru, texts: russianTexts },
] as const satisfies readonly Language[];

/** The language of a tag such as `ru` or `ru-RU`; English where there is none. */
export function languageOf(tag: string): Language {
  const wanted = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language.tag === wanted) ?? LANGUAGES[0];
}

/** @param header Accept-Language, in the order of preference that browsers send */
export function preferredLanguage(header: string | undefined): Language {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => part.split(';'))
    .map(([tag = '', weight = '']) => ({ tag: tag.trim(), weight: Number(/q=([\d.]+)/.exec(weight)?.[1] ?? 1) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .find(({ tag }) => LANGUAGES.some((language) => language.tag === tag.toLowerCase().split('-')[0]));
  return languageOf(wanted?.tag ?? 'en');
}
