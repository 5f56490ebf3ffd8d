import {
  CATALOGUE,
  codeToGrpc,
  GRPC_DETAILS,
  GRPC_STATUSES,
  type GrpcNumber,
  grpcConstants,
  grpcToHttp,
  HTTP_STATUSES,
  HTTP2_ERRORS,
  httpToGrpc,
  resetToGrpc,
} from '../../codes/index.ts';
import { grpcScript } from '../data/scripts.ts';
import { GRPC_SPECIFICATION } from '../data/specifications.ts';
import { grpcWire } from '../data/wire.ts';
import { type Html, html } from '../html.ts';
import { codeLink, type PageContext } from '../page-context.ts';
import { codePath, FRONT, grpcPath, http2Path, httpPath } from '../routes.ts';
import {
  k6Note,
  type LinkRow,
  linkList,
  litmusOf,
  producerFact,
  relatedCodes,
  retryFact,
  titleOfCode,
  usesOf,
} from './shared-facts.ts';
import type { Part, StatusPage } from './status-page.ts';

/** @param status 0–16 */
export function grpcStatusPage(context: PageContext, status: number): StatusPage {
  const { messages, texts } = context.language;
  const row = GRPC_STATUSES[status]!;
  const text = texts.grpc[status as GrpcNumber];
  const { facts } = messages;
  return {
    number: String(status),
    name: row.name,
    isConstant: true,
    kind: { text: messages.kinds.grpc, to: `${FRONT}#grpc` },
    lead: text.meaning,
    facts: [
      retryFact(context, row.retry, text.retryAdvice),
      producerFact(context, text.producedBy),
      {
        label: facts.counterpart,
        value: codeLink(context, httpPath(grpcToHttp(status)), `HTTP ${grpcToHttp(status)}`),
        note: `${facts.source}: google.rpc.Code`,
      },
      status === 0
        ? { label: facts.errorCode, value: facts.noCode }
        : {
            label: facts.errorCode,
            value: html`<code>${1800 + status}</code>`,
            note: html`${facts.whenServerSent}<br>${k6Note(context, 1800 + status)}`,
          },
    ],
    litmus: litmusOf(context, 'grpc', status),
    meaning: text.details,
    fromLibrary: text.fromLibrary,
    look: text.look,
    uses: usesOf(messages.uses.status, text, GRPC_DETAILS[status as GrpcNumber].wrong, (to) => ({
      name: GRPC_STATUSES[to]!.name,
      to: grpcPath(to),
    })),
    script: grpcScript(status),
    unprovoked: null,
    scriptNote: messages.sections.scriptNote,
    wire: grpcWire(status),
    constants: grpcConstants(status),
    errnos: [],
    parts: mappedParts(context, status),
    related: relatedCodes(context, row.related),
    specification: GRPC_SPECIFICATION,
  };
}

/** More than a reader looks through. */
const LONG = 12;

/** A long list of codes behind the ranges that they are from, which say it in a line. */
function foldedLinks(context: PageContext, links: readonly LinkRow[]): Html {
  const ranges = [...Map.groupBy(links, ({ code }) => code.slice(0, -2)).values()].map((group) => {
    const [first, last] = [group[0]!.code, group.at(-1)!.code];
    return first === last ? first : `${first}–${last}`;
  });
  return html`<details class="folded"><summary><code>${ranges.join(', ')}</code></summary>${linkList(context, links)}</details>`;
}

/** What a client turns into this status. */
function mappedParts(context: PageContext, status: number): Part[] {
  const { sections } = context.language.messages;
  const http = HTTP_STATUSES.filter((row) => status !== 2 && httpToGrpc(row.status) === status);
  const resets = HTTP2_ERRORS.filter((row) => resetToGrpc(row.error) === status);
  const codes = CATALOGUE.filter(
    ({ code, httpStatus, grpcStatus, http2 }) =>
      code < 1900 &&
      httpStatus === undefined &&
      grpcStatus === undefined &&
      http2 === undefined &&
      codeToGrpc(code) === status,
  );
  return [
    {
      title: sections.fromHttp,
      links: http.map((row) => ({ to: httpPath(row.status), code: String(row.status), title: row.phrase })),
    },
    {
      title: sections.fromReset,
      links: resets.map((row) => ({ to: http2Path(row.error), code: row.name })),
    },
    {
      title: sections.fromCodes,
      links: codes.map(({ code }) => ({ to: codePath(code), code: String(code), title: titleOfCode(context, code) })),
    },
  ]
    .filter(({ links }) => links.length > 0)
    .map(({ title, links }) => ({
      title,
      body: links.length > LONG ? foldedLinks(context, links) : linkList(context, links),
    }));
}
