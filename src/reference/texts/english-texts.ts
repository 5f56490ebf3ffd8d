import {
  CLOSE_USES,
  type CloseNumber,
  CODE_USES,
  type CodeUseNumber,
  EXIT_CODES,
  EXIT_USES,
  type ExitNumber,
  findCode,
  GRPC_DETAILS,
  GRPC_STATUSES,
  type GrpcNumber,
  HTTP_STATUSES,
  HTTP_USES,
  HTTP2_ERRORS,
  HTTP2_USES,
  type Http2Number,
  type HttpUseNumber,
  LITMUS_GROUPS,
  type LitmusName,
  type NamedHttpStatus,
  PLAIN_HTTP_STATUSES,
  type PlainHttpNumber,
  type Use,
  WEBSOCKET_CLOSES,
} from '../../codes/index.ts';
import type { GrpcText, HttpUseText, LitmusText, ReferenceTexts, UseText } from './reference-texts.ts';

/** The same keys, other values. */
function mapValues<Key extends string | number, From, To>(
  from: Readonly<Record<Key, From>>,
  map: (value: From, key: string) => To,
): Readonly<Record<Key, To>> {
  return Object.fromEntries(Object.entries<From>(from).map(([key, value]) => [key, map(value, key)])) as Readonly<
    Record<Key, To>
  >;
}

/** Rows of a table by one of their numbers. */
function keyed<Key extends number, Row>(rows: readonly Row[], keyOf: (row: Row) => Key): Readonly<Record<Key, Row>> {
  return Object.fromEntries(rows.map((row) => [keyOf(row), row])) as Readonly<Record<Key, Row>>;
}

const pick = ({ meaning, retryAdvice, look }: { meaning: string; retryAdvice: string; look: string }) => ({
  meaning,
  retryAdvice,
  look,
});

const useText = ({ right, wrong }: Use): UseText => ({
  right,
  wrong: [wrong[0].text, wrong[1].text, wrong[2].text],
});

/** The texts that the catalogue itself has: English. */
export const englishTexts: ReferenceTexts = {
  code(code) {
    const entry = findCode(code);
    if (!entry) throw new RangeError(`${code} is no code of the catalogue`);
    const { title, meaning, producedBy, retryAdvice, look } = entry;
    return { title, meaning, producedBy, retryAdvice, look };
  },
  grpc: mapValues(GRPC_DETAILS, ({ meaning, fromLibrary, right, wrong }, key): GrpcText => {
    const row = GRPC_STATUSES[Number(key)]!;
    return {
      ...pick(row),
      producedBy: row.producedBy,
      details: meaning,
      fromLibrary,
      right,
      wrong: [wrong[0].text, wrong[1].text, wrong[2].text],
    };
  }) satisfies Readonly<Record<GrpcNumber, GrpcText>>,
  http: mapValues(
    keyed<NamedHttpStatus, (typeof HTTP_STATUSES)[number]>(HTTP_STATUSES, (row) => row.status),
    pick,
  ),
  plainHttp: mapValues(
    keyed<PlainHttpNumber, (typeof PLAIN_HTTP_STATUSES)[number]>(PLAIN_HTTP_STATUSES, (row) => row.status),
    ({ meaning, look }) => ({ meaning, look }),
  ),
  httpUses: mapValues(
    HTTP_USES,
    ({ details, ...use }): HttpUseText => ({ details, ...useText(use) }),
  ) satisfies Readonly<Record<HttpUseNumber, HttpUseText>>,
  codeUses: mapValues(CODE_USES, useText) satisfies Readonly<Record<CodeUseNumber, UseText>>,
  http2Uses: mapValues(HTTP2_USES, useText) satisfies Readonly<Record<Http2Number, UseText>>,
  closeUses: mapValues(CLOSE_USES, useText) satisfies Readonly<Record<CloseNumber, UseText>>,
  exitUses: mapValues(EXIT_USES, useText) satisfies Readonly<Record<ExitNumber, UseText>>,
  http2: mapValues(
    keyed<Http2Number, (typeof HTTP2_ERRORS)[number]>(HTTP2_ERRORS, (row) => row.error),
    pick,
  ),
  close: mapValues(
    keyed<CloseNumber, (typeof WEBSOCKET_CLOSES)[number]>(WEBSOCKET_CLOSES, (row) => row.close),
    pick,
  ),
  exit: mapValues(
    keyed<ExitNumber, (typeof EXIT_CODES)[number]>(EXIT_CODES, (row) => row.exit),
    ({ meaning, look }) => ({ meaning, look }),
  ),
  litmus: mapValues(
    LITMUS_GROUPS,
    ({ title, questions }): LitmusText => ({
      title,
      questions: questions.map(({ question }) => question),
    }),
  ) satisfies Readonly<Record<LitmusName, LitmusText>>,
  httpProducers: ['server, about the request', 'server, or a gateway before it'],
};
