/** The languages of the reference, by the folders of their texts. */
export const LANGUAGE_TAGS = ['en', 'ru'] as const;

export type LanguageTag = (typeof LANGUAGE_TAGS)[number];
