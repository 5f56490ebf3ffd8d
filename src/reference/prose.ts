import { findCode, GRPC_STATUSES, HTTP_STATUSES, PLAIN_HTTP_STATUSES } from '../codes/index.ts';
import { escapeHtml, Html } from './html.ts';

/** Leads to what a text names; null where the text is the page of it. */
export interface ProseLinks {
  grpc(status: number): string | null;
  http(status: number): string | null;
  code(code: number): string | null;
}

/** `code`, *emphasis*, an HTTP status, a gRPC status by name, a number of the catalogue. */
const MARKS =
  /`(?<code>[^`]+)`|\*(?<stress>[^*\s][^*]*)\*|\bHTTP (?<http>[1-5]\d\d)\b|\b(?<grpc>[A-Z]{3,}(?:_[A-Z]+)*)\b|(?<![\w.:,/–-])(?<number>1[0-8]\d\d|2[34]\d\d)(?![\w–/]|[.,]\d)/g;

const HTTP_NUMBERS = new Set([...HTTP_STATUSES, ...PLAIN_HTTP_STATUSES].map((row): number => row.status));

/**
 * A sentence of the catalogue or a guide as HTML: code in backticks, stress in asterisks, and links to the statuses and codes that it
 * names. Only numbers of the catalogue are links, never inside code: others are ports and sizes.
 */
export function prose(text: string, links: ProseLinks): Html {
  let out = '';
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    out += escapeHtml(text.slice(end, match.index));
    end = match.index + match[0].length;
    out += markOf(match[0], match.groups ?? {}, links);
  }
  return new Html(out + escapeHtml(text.slice(end)));
}

function markOf(whole: string, groups: Record<string, string | undefined>, links: ProseLinks): string {
  const { code, stress, grpc, http, number } = groups;
  if (code !== undefined) return `<code>${escapeHtml(code)}</code>`;
  if (stress !== undefined) return `<em>${escapeHtml(stress)}</em>`;
  const href =
    grpc !== undefined ? grpcLink(grpc, links) : http !== undefined ? httpLink(http, links) : codeLink(number, links);
  return href === null ? escapeHtml(whole) : `<a href="${escapeHtml(href)}">${escapeHtml(whole)}</a>`;
}

function grpcLink(name: string, links: ProseLinks): string | null {
  const status = GRPC_STATUSES.find((row) => row.name === name);
  return status === undefined || status.status === 0 ? null : links.grpc(status.status);
}

function httpLink(number: string, links: ProseLinks): string | null {
  return HTTP_NUMBERS.has(Number(number)) ? links.http(Number(number)) : null;
}

function codeLink(number: string | undefined, links: ProseLinks): string | null {
  return findCode(Number(number)) ? links.code(Number(number)) : null;
}
