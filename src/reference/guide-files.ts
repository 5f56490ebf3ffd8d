import { existsSync, readFileSync } from 'node:fs';
import { LANGUAGE_TAGS } from './language-tags.ts';

/** In the order of the list. A guide is shown where it is there in every language. */
const GUIDE_NAMES = [
  'grpc-status-codes',
  'retry',
  'http-trailers',
  'rest-status-codes',
  'rate-limiting',
  'api-versioning',
  'error-bodies',
  'load-generator-codes',
] as const;

export type GuideName = (typeof GUIDE_NAMES)[number];

/** A guide as lists show it. */
export interface GuideSummary {
  readonly name: GuideName;
  readonly title: string;
  readonly lead: string;
  /** How long it takes to read. */
  readonly minutes: number;
}

export interface Guide extends GuideSummary {
  /** Markdown, without title and lead. */
  readonly body: string;
  /** The script that shows it, a file of examples/guides/. */
  readonly script: string;
}

const WORDS_A_MINUTE = 200;
/** What a language is without: the folder of guides beside this file. */
const fileOf = (tag: string, name: string): URL => new URL(`./guides/${tag}/${name}.md`, import.meta.url);

/** The guides that there are in every language. */
export function guideNames(): readonly GuideName[] {
  return GUIDE_NAMES.filter((name) => LANGUAGE_TAGS.every((tag) => existsSync(fileOf(tag, name))));
}

/** @throws the system's error where there is no such guide in this language */
export function readGuide(tag: string, name: GuideName): Guide {
  const text = readFileSync(fileOf(tag, name), 'utf8');
  const [title = '', lead = '', ...rest] = text.split(/\n{2,}/);
  const body = rest.join('\n\n');
  return {
    name,
    title: title.replace(/^# /, ''),
    lead: lead.replaceAll('\n', ' '),
    body,
    minutes: Math.max(1, Math.round(body.split(/\s+/).length / WORDS_A_MINUTE)),
    script: readFileSync(new URL(`../../examples/guides/${name}.js`, import.meta.url), 'utf8'),
  };
}

export function guideSummaries(tag: string): readonly GuideSummary[] {
  return guideNames().map((name) => readGuide(tag, name));
}
