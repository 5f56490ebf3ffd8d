import {
  type CloseNumber,
  codeToGrpc,
  type ExitNumber,
  findCode,
  findExitCode,
  findWebSocketClose,
  HTTP2_ERRORS,
  type Http2Number,
  http2Code,
  resetToGrpc,
} from '../../codes/index.ts';
import { codeWire, resetWire } from '../data/code-wire.ts';
import { closeScript, codeScript, exitScript, http2Script } from '../data/scripts.ts';
import { HTTP2_SPECIFICATION, WEBSOCKET_SPECIFICATION } from '../data/specifications.ts';
import { whyNoCloseScript, whyNoCodeScript, whyNoExitScript } from '../data/unprovoked.ts';
import { closeWire } from '../data/wire.ts';
import { html } from '../html.ts';
import type { PageContext } from '../page-context.ts';
import { codePath, FRONT, http2Path } from '../routes.ts';
import { grpcLink, k6Note, linkList, producerFact, relatedCodes, retryFact, titleOfCode } from './shared-facts.ts';
import type { StatusPage } from './status-page.ts';

/** What most pages of codes do not have. */
const NOTHING = {
  isConstant: false,
  litmus: [],
  meaning: [],
  fromLibrary: null,
  right: [],
  wrong: [],
  script: null,
  unprovoked: null,
  wire: null,
  constants: [],
  errnos: [],
  parts: [],
  related: [],
  specification: null,
} as const satisfies Partial<StatusPage>;

/** @param code of the catalogue that is no status */
export function errorCodePage(context: PageContext, code: number): StatusPage {
  const { messages, texts } = context.language;
  const entry = findCode(code)!;
  const text = texts.code(code);
  const grpc = code < 1900 ? codeToGrpc(code) : null;
  const error = entry.http2?.error ?? null;
  return {
    ...NOTHING,
    number: String(code),
    name: text.title,
    kind: { text: messages.kinds.code, to: `${FRONT}#codes` },
    lead: text.meaning,
    facts: [
      retryFact(context, entry.retry, text.retryAdvice),
      producerFact(context, text.producedBy),
      ...(grpc === null ? [] : [{ label: messages.facts.asGrpc, value: grpcLink(context, grpc) }]),
      {
        label: messages.facts.errorCode,
        value: html`<code>${code}</code>`,
        note: html`<code>${entry.name}</code><br>${k6Note(context, code)}`,
      },
    ],
    look: text.look,
    script: codeScript(code),
    unprovoked: whyNoCodeScript(code),
    scriptNote: messages.sections.scriptNote,
    wire: codeWire(code),
    errnos: entry.errnos ?? [],
    related: [
      ...(error === null
        ? []
        : [{ code: HTTP2_ERRORS[error]!.name, title: messages.kinds.http2, to: http2Path(error) }]),
      ...relatedCodes(context, entry.related),
    ],
    specification: entry.http2 ? HTTP2_SPECIFICATION : null,
  };
}

/** @param error of HTTP/2, 0–13 */
export function http2ErrorPage(context: PageContext, error: number): StatusPage {
  const { messages, texts } = context.language;
  const row = HTTP2_ERRORS[error]!;
  const text = texts.http2[error as Http2Number];
  const codes = (['goaway', 'stream', 'connection'] as const).map((family) => http2Code(family, error));
  return {
    ...NOTHING,
    number: String(error),
    name: row.name,
    isConstant: true,
    kind: { text: messages.kinds.http2, to: `${FRONT}#http2` },
    lead: text.meaning,
    facts: [
      retryFact(context, row.retry, text.retryAdvice),
      {
        label: messages.facts.asGrpc,
        value: grpcLink(context, resetToGrpc(error)),
        note: messages.sections.fromReset,
      },
      { label: messages.facts.errorCode, value: html`<code>${codes.join(', ')}</code>` },
    ],
    look: text.look,
    script: http2Script(error),
    scriptNote: messages.sections.scriptNote,
    wire: resetWire(error),
    parts: [
      {
        title: messages.sections.eachEvent,
        body: linkList(
          context,
          codes.map((code) => ({ to: codePath(code), code: String(code), title: titleOfCode(context, code) })),
        ),
      },
    ],
    specification: HTTP2_SPECIFICATION,
  };
}

/** @param close a close code of WebSocket that has a name */
export function webSocketClosePage(context: PageContext, close: number): StatusPage {
  const { messages, texts } = context.language;
  const row = findWebSocketClose(close)!;
  const text = texts.close[close as CloseNumber];
  const code = close === 1006 ? 1903 : 1900;
  return {
    ...NOTHING,
    number: String(close),
    name: row.name,
    isConstant: true,
    kind: { text: messages.kinds.close, to: `${FRONT}#websocket` },
    lead: text.meaning,
    facts: [
      retryFact(context, row.retry, text.retryAdvice),
      row.retry === 'none'
        ? { label: messages.facts.errorCode, value: messages.facts.noCode }
        : { label: messages.facts.errorCode, value: html`<code>${code}</code>`, note: k6Note(context, code) },
    ],
    meaning: row.isLocal ? [messages.sections.neverSent] : [],
    look: text.look,
    script: closeScript(close),
    unprovoked: whyNoCloseScript(close),
    scriptNote: messages.sections.scriptNote,
    wire: closeWire(close),
    related: row.retry === 'none' ? [] : relatedCodes(context, [code]),
    specification: WEBSOCKET_SPECIFICATION,
  };
}

/** @param exit an exit code that has a meaning */
export function exitCodePage(context: PageContext, exit: number): StatusPage {
  const { messages, texts } = context.language;
  const row = findExitCode(exit)!;
  const text = texts.exit[exit as ExitNumber];
  return {
    ...NOTHING,
    number: String(exit),
    name: row.name,
    kind: { text: messages.kinds.exit, to: `${FRONT}#exit` },
    lead: text.meaning,
    facts: [{ label: messages.facts.k6, value: exit === 120 ? messages.facts.k6Nothing : messages.facts.k6Same }],
    look: text.look,
    script: exitScript(exit),
    unprovoked: whyNoExitScript(exit),
    scriptNote: messages.sections.exitNote,
  };
}
