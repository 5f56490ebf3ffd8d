import { findCode, GRPC_STATUSES, LITMUS_GROUPS, litmusFor, type Retry } from '../../codes/index.ts';
import { html } from '../html.ts';
import { codeLink, type PageContext, sentence } from '../page-context.ts';
import { codePath, grpcPath, httpPath } from '../routes.ts';
import type { UseText } from '../texts/reference-texts.ts';
import type { Fact, StatusPage, Uses } from './status-page.ts';

/** Whether a retry helps: the verdict, and the advice below. */
export function retryFact(context: PageContext, retry: Retry, advice: string): Fact {
  const { facts, verdict } = context.language.messages;
  return { label: facts.retry, value: verdict[retry], note: sentence(context, advice), verdict: retry };
}

export function producerFact(context: PageContext, producedBy: string): Fact {
  return { label: context.language.messages.facts.producer, value: sentence(context, producedBy) };
}

/** A gRPC status by its name. */
export function grpcLink(context: PageContext, status: number) {
  return codeLink(context, grpcPath(status), GRPC_STATUSES[status]!.name);
}

/** What k6 says where Sixfold gives a code. */
export function k6Note(context: PageContext, code: number): string {
  const { facts } = context.language.messages;
  const entry = findCode(code)!;
  const says = entry.origin === 'k6' ? facts.k6Same : (entry.k6Code ?? facts.k6Nothing);
  return `${facts.k6}: ${says}`;
}

/** The litmus tests of a status in the language of the page. */
export function litmusOf(context: PageContext, protocol: 'grpc' | 'http', status: number): StatusPage['litmus'] {
  const pathOf = protocol === 'grpc' ? grpcPath : httpPath;
  return litmusFor(protocol, status).map((name) => {
    const { title, questions } = context.language.texts.litmus[name];
    return {
      title,
      rows: LITMUS_GROUPS[name].questions.map(({ status: to }, i) => ({
        question: questions[i]!,
        name: nameOf(protocol, to),
        to: pathOf(to),
      })),
    };
  });
}

/**
 * Examples in the language of the page.
 * @param placeOf what to call the one that it is instead, and where that is
 */
export function usesOf(
  titles: Uses['titles'],
  { right, wrong }: UseText,
  mistaken: readonly { readonly instead: number }[],
  placeOf: (instead: number) => { readonly name: string; readonly to: string },
): Uses {
  return { titles, right, wrong: mistaken.map(({ instead }, i) => ({ text: wrong[i]!, ...placeOf(instead) })) };
}

export function nameOf(protocol: 'grpc' | 'http', status: number): string {
  return protocol === 'grpc' ? GRPC_STATUSES[status]!.name : String(status);
}

/** Codes to tell from, each with its title. */
export function relatedCodes(context: PageContext, codes: readonly number[]): StatusPage['related'] {
  return codes
    .map((code) => ({ code: String(code), title: titleOfCode(context, code), to: codePath(code) }))
    .filter(({ to }) => to !== context.path);
}

/** A few words on a code: those of statuses are names, which are the same in every language. */
export function titleOfCode({ language }: PageContext, code: number): string {
  const entry = findCode(code)!;
  return entry.httpStatus === undefined && entry.grpcStatus === undefined
    ? language.texts.code(code).title
    : entry.title;
}

export interface LinkRow {
  readonly to: string;
  readonly code: string;
  readonly title?: string;
}

/** A list of links, one in a line. */
export function linkList(context: PageContext, links: readonly LinkRow[]) {
  return html`<ul class="related">${links.map(({ to, code, title }) => html`<li>${codeLink(context, to, code)}${title !== undefined && html` ${title}`}</li>`)}</ul>`;
}
