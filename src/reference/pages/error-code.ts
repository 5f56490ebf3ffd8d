import {
  CLOSE_USES,
  type CloseNumber,
  CODE_USES,
  type CodeUseNumber,
  codeToGrpc,
  EXIT_USES,
  type ExitNumber,
  findCode,
  findExitCode,
  findWebSocketClose,
  HTTP2_ERRORS,
  HTTP2_USES,
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
import { closePath, codePath, exitPath, FRONT, http2Path } from '../routes.ts';
import {
  grpcLink,
  k6Note,
  linkList,
  producerFact,
  relatedCodes,
  retryFact,
  titleOfCode,
  usesOf,
} from './shared-facts.ts';
import type { StatusPage, Uses } from './status-page.ts';

/** What most pages of codes do not have. */
const NOTHING = {
  isConstant: false,
  litmus: [],
  meaning: [],
  fromLibrary: null,
  uses: null,
  script: null,
  unprovoked: null,
  wire: null,
  constants: [],
  errnos: [],
  parts: [],
  related: [],
  specification: null,
} as const satisfies Partial<StatusPage>;

const codeUses = ({ language: { messages, texts } }: PageContext, code: CodeUseNumber): Uses =>
  usesOf(messages.uses.code, texts.codeUses[code], CODE_USES[code].wrong, (to) => ({
    name: String(to),
    to: codePath(to),
  }));

const http2Uses = ({ language: { messages, texts } }: PageContext, error: number): Uses =>
  usesOf(messages.uses.status, texts.http2Uses[error as Http2Number], HTTP2_USES[error as Http2Number].wrong, (to) => ({
    name: HTTP2_ERRORS[to]!.name,
    to: http2Path(to),
  }));

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
    uses: error === null ? codeUses(context, code as CodeUseNumber) : http2Uses(context, error),
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
    uses: http2Uses(context, error),
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
    uses: usesOf(
      messages.uses.status,
      texts.closeUses[close as CloseNumber],
      CLOSE_USES[close as CloseNumber].wrong,
      (to) => ({ name: String(to), to: closePath(to) }),
    ),
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
    uses: usesOf(messages.uses.code, texts.exitUses[exit as ExitNumber], EXIT_USES[exit as ExitNumber].wrong, (to) => ({
      name: String(to),
      to: exitPath(to),
    })),
    script: exitScript(exit),
    unprovoked: whyNoExitScript(exit),
    scriptNote: messages.sections.exitNote,
  };
}
