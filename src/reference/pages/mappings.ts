import {
  CATALOGUE,
  codeToGrpc,
  GRPC_STATUSES,
  grpcToHttp,
  HTTP2_ERRORS,
  httpToGrpc,
  resetToGrpc,
} from '../../codes/index.ts';
import { type Html, html } from '../html.ts';
import { codeLink, type PageContext, sentence } from '../page-context.ts';
import { codePath, grpcPath, http2Path, httpPath } from '../routes.ts';
import { isOwnPage } from './front.ts';
import { grpcLink, k6Note, titleOfCode } from './shared-facts.ts';

type Cell = Html | string;

/** Four tables, each computed from the functions that the load generator itself goes by. */
export function mappingsPage(context: PageContext): Html {
  const { mappings } = context.language.messages;
  const http = [200, 400, 401, 403, 404, 429, 502, 503, 504].map((status): Cell[] => [
    codeLink(context, httpPath(status), String(status)),
    // httpToGrpc says OK of 200, for a call that has its grpc-status; this table is about those that lack it.
    grpcLink(context, status === 200 ? 2 : httpToGrpc(status)),
  ]);
  const grpc = GRPC_STATUSES.map(({ status, name }): Cell[] => [
    codeLink(context, grpcPath(status), `${status} ${name}`),
    codeLink(context, httpPath(grpcToHttp(status)), String(grpcToHttp(status))),
  ]);
  const resets = HTTP2_ERRORS.map(({ error, name }): Cell[] => [
    codeLink(context, http2Path(error), `${error} ${name}`),
    grpcLink(context, resetToGrpc(error)),
    grpcLink(context, resetToGrpc(error, 'grpc-go')),
  ]);
  const codes = CATALOGUE.filter((entry) => isOwnPage(entry) && entry.http2 === undefined && entry.code < 1900).map(
    (entry): Cell[] => [
      html`${codeLink(context, codePath(entry.code), String(entry.code))} ${titleOfCode(context, entry.code)}`,
      html`${(entry.errnos ?? []).filter((errno) => /^E[A-Z0-9]+$/.test(errno)).map((errno) => html`<code>${errno}</code> `)}`,
      grpcLink(context, codeToGrpc(entry.code)),
      k6Note(context, entry.code).replace(/^.*?: /, ''),
    ],
  );
  return html`<h1 class="words">${mappings.title}</h1><p class="lead">${mappings.lead}</p>
${table(context, 'http-to-grpc', mappings.httpToGrpc, mappings.httpToGrpcLead, mappings.httpToGrpcSource, [mappings.http, mappings.grpc], http)}
${table(context, 'grpc-to-http', mappings.grpcToHttp, mappings.grpcToHttpLead, mappings.grpcToHttpSource, [mappings.grpc, mappings.http], grpc)}
${table(context, 'reset-to-grpc', mappings.resetToGrpc, mappings.resetToGrpcLead, mappings.resetToGrpcSource, [mappings.error, mappings.specification, mappings.grpcGo], resets)}
${table(context, 'code-to-grpc', mappings.codeToGrpc, mappings.codeToGrpcLead, mappings.codeToGrpcSource, [mappings.code, mappings.errnos, mappings.grpc, mappings.k6], codes)}`;
}

function table(
  context: PageContext,
  id: string,
  title: string,
  lead: string,
  source: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): Html {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><p>${sentence(context, lead)}</p><div class="wide-table" tabindex="0" role="region" aria-labelledby="${id}"><table class="mapping"><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div><p class="note">${source}</p></section>`;
}
