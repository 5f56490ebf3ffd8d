// The language of the pages: the one that was chosen, else the browser's.
import { computed, signal } from '@preact/signals';
import { en, type Words } from './words/en.ts';
import { ru } from './words/ru.ts';

export type Language = 'en' | 'ru';
const WORDS: Readonly<Record<Language, Words>> = { en, ru };
const STORED = 'sixfold-language';

export const language = signal<Language>(readLanguage());
export const words = computed(() => WORDS[language.value]);

function readLanguage(): Language {
  try {
    const stored = localStorage.getItem(STORED);
    if (stored === 'en' || stored === 'ru') return stored;
  } catch {
    // The browser keeps nothing for this page.
  }
  return navigator.language.startsWith('ru') ? 'ru' : 'en';
}

export function switchLanguage(): void {
  language.value = language.value === 'en' ? 'ru' : 'en';
  try {
    localStorage.setItem(STORED, language.value);
  } catch {
    // It lasts as long as the page then.
  }
}

/** @returns day and time in the reader's language */
export function when(ms: number | null): string {
  if (ms === null) return words.value.never;
  return new Intl.DateTimeFormat(words.value.locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(ms)
    .replace(' at ', ', ');
}

/** @returns a number as the reader's language groups it */
export function amount(value: number): string {
  return value.toLocaleString(words.value.locale);
}
