import {
  findHttpStatus,
  findHttpUse,
  findPlainHttpStatus,
  GRPC_STATUSES,
  type HttpUseNumber,
  httpConstants,
  httpToGrpc,
  type NamedHttpStatus,
  type PlainHttpNumber,
} from '../../codes/index.ts';
import { httpScript } from '../data/scripts.ts';
import { httpSpecification } from '../data/specifications.ts';
import { whyNoHttpScript } from '../data/unprovoked.ts';
import { httpWire } from '../data/wire.ts';
import { html } from '../html.ts';
import type { PageContext } from '../page-context.ts';
import { FRONT, grpcPath, httpPath } from '../routes.ts';
import { grpcLink, k6Note, linkList, litmusOf, producerFact, retryFact, usesOf } from './shared-facts.ts';
import type { Fact, StatusPage } from './status-page.ts';

/** @param status with a name, 100–599 */
export function httpStatusPage(context: PageContext, status: number): StatusPage {
  const { messages, texts } = context.language;
  const failure = findHttpStatus(status);
  const phrase = (failure ?? findPlainHttpStatus(status))!.phrase;
  const text = failure ? texts.http[status as NamedHttpStatus] : texts.plainHttp[status as PlainHttpNumber];
  const use = findHttpUse(status);
  const useText = use && texts.httpUses[status as HttpUseNumber];
  const { facts, sections } = messages;
  const [byClient, byServer] = texts.httpProducers;
  const asGrpc: Fact = {
    label: facts.asGrpc,
    // An answer with 200 that is not gRPC lacks its grpc-status: UNKNOWN.
    value: grpcLink(context, status === 200 ? 2 : httpToGrpc(status)),
    note: sections.fromHttp,
  };
  const unprovoked = whyNoHttpScript(status);
  const counterparts = GRPC_STATUSES.filter((row) => row.http === status);
  return {
    number: String(status),
    name: phrase,
    isConstant: false,
    kind: { text: messages.kinds.http, to: `${FRONT}#http` },
    lead: text.meaning,
    facts: failure
      ? [
          retryFact(context, failure.retry, texts.http[status as NamedHttpStatus].retryAdvice),
          producerFact(context, status < 500 ? byClient : byServer),
          asGrpc,
          {
            label: facts.errorCode,
            value: html`<code>${1000 + status}</code>`,
            note: k6Note(context, 1000 + status),
          },
        ]
      : [
          { label: facts.retry, value: messages.verdict.none, verdict: 'none' },
          asGrpc,
          { label: facts.errorCode, value: facts.noCode },
        ],
    litmus: litmusOf(context, 'http', status),
    meaning: useText ? [useText.details] : [],
    fromLibrary: null,
    look: text.look,
    uses:
      use === undefined || useText === undefined
        ? null
        : usesOf(messages.uses.status, useText, use.wrong, (to) => ({ name: String(to), to: httpPath(to) })),
    script: httpScript(status),
    unprovoked,
    scriptNote: sections.scriptNote,
    wire: unprovoked === null ? httpWire(status) : null,
    constants: httpConstants(status),
    errnos: [],
    parts:
      counterparts.length === 0
        ? []
        : [
            {
              title: sections.grpcCounterparts,
              body: linkList(
                context,
                counterparts.map((row) => ({ to: grpcPath(row.status), code: `${row.status} ${row.name}` })),
              ),
            },
          ],
    related: [],
    specification: httpSpecification(status),
  };
}
