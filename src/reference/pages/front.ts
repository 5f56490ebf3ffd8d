import {
  CATALOGUE,
  CODE_RANGES,
  type CodeEntry,
  EXIT_CODES,
  type ExitNumber,
  GRPC_STATUSES,
  type GrpcNumber,
  HTTP_STATUSES,
  HTTP2_ERRORS,
  type Http2Number,
  type NamedHttpStatus,
  PLAIN_HTTP_STATUSES,
  type Retry,
  WEBSOCKET_CLOSES,
} from '../../codes/index.ts';
import type { GuideSummary } from '../guide-files.ts';
import { type Html, html } from '../html.ts';
import type { Messages } from '../messages/messages.ts';
import { linkTo, type PageContext, sentence } from '../page-context.ts';
import { closePath, codePath, exitPath, grpcPath, guidePath, http2Path, httpPath, MAPPINGS } from '../routes.ts';

/** The front page: everything there is, by kind. */
export function frontPage(context: PageContext, guides: readonly GuideSummary[]): Html {
  const { messages } = context.language;
  return html`<h1 class="words">${messages.title}</h1>
<p class="lead">${messages.lead}</p>
${group('grpc', messages.front.grpc, GRPC_STATUSES.length, grpcTiles(context))}
${group('http', messages.front.http, HTTP_STATUSES.length + PLAIN_HTTP_STATUSES.length, httpClasses(context))}
${group('codes', messages.front.codes, CATALOGUE.filter(isOwnPage).length, html`<p class="note">${messages.front.codesLead}</p>${codeRanges(context)}`)}
${group('http2', messages.front.http2, HTTP2_ERRORS.length, http2Rows(context))}
${group('websocket', messages.front.close, WEBSOCKET_CLOSES.length, closeRows(context))}
${group('exit', messages.front.exit, EXIT_CODES.length, exitRows(context))}
${guides.length > 0 && group('guides', messages.front.guides, guides.length, guideTiles(context, guides))}
<p class="more"><a href="${linkTo(context, MAPPINGS)}">${messages.mappings.title} →</a></p>`;
}

function group(id: string, title: string, count: number, body: Html): Html {
  return html`<section class="group" aria-labelledby="${id}"><h2 id="${id}">${title} <span class="count">${count}</span></h2>${body}</section>`;
}

function grpcTiles(context: PageContext): Html {
  const { texts, messages } = context.language;
  return html`<ul class="tiles">${GRPC_STATUSES.map(
    (row) =>
      html`<li><a class="tile" href="${linkTo(context, grpcPath(row.status))}"><span class="number">${row.status}</span><code>${row.name}</code><span class="says">${texts.grpc[row.status as GrpcNumber].meaning}</span>${retryLine(messages, row.retry)}</a></li>`,
  )}</ul>`;
}

/** "Retry: no": a bare "No" is not understood. */
function retryLine(messages: Messages, retry: Retry): Html {
  const verdict = messages.verdict[retry];
  const text =
    retry === 'none' ? verdict : `${messages.facts.retryShort}: ${verdict.charAt(0).toLowerCase()}${verdict.slice(1)}`;
  return html`<span class="verdict verdict-${retry}">${text}</span>`;
}

function httpClasses(context: PageContext): Html {
  const { front } = context.language.messages;
  const { texts } = context.language;
  const titles = ['', front.informational, front.success, front.redirect, front.client, front.server];
  const all = [
    ...PLAIN_HTTP_STATUSES.map(({ status, phrase }) => ({ status, phrase, says: texts.plainHttp[status].meaning })),
    ...HTTP_STATUSES.map(({ status, phrase }) => ({
      status,
      phrase,
      says: texts.http[status as NamedHttpStatus].meaning,
    })),
  ];
  return html`${[1, 2, 3, 4, 5].map(
    (hundred) =>
      html`<h3>${hundred}xx <span>${titles[hundred]}</span></h3><ul class="rows">${all
        .filter(({ status }) => Math.floor(status / 100) === hundred)
        .map(({ status, phrase, says }) => listRow(context, httpPath(status), String(status), phrase, says))}</ul>`,
  )}`;
}

function listRow(context: PageContext, to: string, number: string, name: string, says: string): Html {
  return html`<li><a href="${linkTo(context, to)}"><span class="number">${number}</span> <span class="name">${name}</span></a> <span class="says">${sentence(context, says)}</span></li>`;
}

/** Codes of statuses are described with their status. */
export function isOwnPage({ httpStatus, grpcStatus }: CodeEntry): boolean {
  return httpStatus === undefined && grpcStatus === undefined;
}

const RANGE_KEYS: Readonly<Record<number, keyof Messages['ranges']>> = {
  1000: 'general',
  1100: 'dns',
  1200: 'tcp',
  1300: 'tls',
  1600: 'http2',
  1700: 'content',
  1900: 'websocket',
  2000: 'redis',
  2100: 'sql',
  2300: 'mqtt',
  2400: 'ssh',
};

function codeRanges(context: PageContext): Html {
  const { messages, texts } = context.language;
  return html`${CODE_RANGES.map(({ from, to, title }) => {
    const entries = CATALOGUE.filter((entry) => entry.code >= from && entry.code <= to && isOwnPage(entry));
    if (entries.length === 0) return null;
    const key = RANGE_KEYS[from];
    return html`<h3>${from}–${to} <span>${key === undefined ? title : messages.ranges[key]}</span></h3><ul class="${from === 1600 ? 'rows short' : 'rows'}">${entries.map(
      ({ code }) => {
        const text = texts.code(code);
        return listRow(context, codePath(code), String(code), text.title, from === 1600 ? '' : text.meaning);
      },
    )}</ul>`;
  })}`;
}

function http2Rows(context: PageContext): Html {
  const { texts } = context.language;
  return html`<ul class="rows">${HTTP2_ERRORS.map(({ error, name }) =>
    listRow(context, http2Path(error), String(error), name, texts.http2[error as Http2Number].meaning),
  )}</ul>`;
}

function closeRows(context: PageContext): Html {
  const { texts } = context.language;
  return html`<ul class="rows">${WEBSOCKET_CLOSES.map(({ close, name }) =>
    listRow(context, closePath(close), String(close), name, texts.close[close].meaning),
  )}</ul>`;
}

function exitRows(context: PageContext): Html {
  const { texts } = context.language;
  return html`<ul class="rows">${EXIT_CODES.map(({ exit, name }) =>
    listRow(context, exitPath(exit), String(exit), name, texts.exit[exit as ExitNumber].meaning),
  )}</ul>`;
}

/** Tiles of guides, as on the front page and on their own. */
function guideTiles(context: PageContext, guides: readonly GuideSummary[]): Html {
  const { messages } = context.language;
  return html`<ul class="tiles wide">${guides.map(
    ({ name, title, lead, minutes }) =>
      html`<li><a class="tile" href="${linkTo(context, guidePath(name))}"><strong>${title}</strong><span class="says">${lead}</span><span class="verdict">${minutes} ${messages.guides.minutes}</span></a></li>`,
  )}</ul>`;
}

/** The page that lists the guides. */
export function guidesPage(context: PageContext, guides: readonly GuideSummary[]): Html {
  const { messages } = context.language;
  return html`<h1 class="words">${messages.guides.title}</h1><p class="lead">${messages.guides.lead}</p>${guideTiles(context, guides)}`;
}
