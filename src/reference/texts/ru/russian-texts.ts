import { findCode, type WrittenCode } from '../../../codes/index.ts';
import type { CodeText, ErrorText, HttpText, PlainText, ReferenceTexts } from '../reference-texts.ts';
import { CODE_USES } from './code-uses.ts';
import { CODE_ROWS } from './codes.ts';
import { GRPC } from './grpc.ts';
import { HTTP_ROWS, PLAIN_ROWS } from './http.ts';
import { HTTP_USES } from './http-uses.ts';
import { CLOSE, EXIT, HTTP2, HTTP2_FAMILIES, LITMUS } from './protocol-errors.ts';
import { CLOSE_USES, EXIT_USES, HTTP2_USES } from './protocol-uses.ts';

const ON_NEW_CONNECTION = 'Только идемпотентный запрос, на новом соединении.';

function codeText(code: number): CodeText {
  const row = (CODE_ROWS as Readonly<Record<number, (typeof CODE_ROWS)[WrittenCode]>>)[code];
  if (row === undefined) return http2Text(code);
  const [title, meaning, producedBy, retryAdvice, look] = row;
  return { title, meaning, producedBy, retryAdvice, look };
}

/** 1600–1664: three ways to end something times fourteen errors. */
function http2Text(code: number): CodeText {
  const event = findCode(code)?.http2;
  if (event === undefined)
    return {
      title: 'Сбой HTTP/2',
      meaning: 'HTTP/2 отказал иначе, чем перечислено ниже.',
      producedBy: 'любая из сторон',
      retryAdvice: ON_NEW_CONNECTION,
      look: 'Сообщение об ошибке.',
    };
  const { title, meaning, producedBy } = HTTP2_FAMILIES[event.family];
  if (event.error === null)
    return {
      title: `HTTP/2 ${title} с неизвестным кодом`,
      meaning: `${meaning}. Код ошибки – не из четырнадцати кодов ошибок HTTP/2 (RFC 9113, раздел 7).`,
      producedBy,
      retryAdvice: ON_NEW_CONNECTION,
      look: 'Число в сообщении и что под ним понимает другая сторона.',
    };
  const error: ErrorText = HTTP2[event.error as keyof typeof HTTP2];
  return {
    title: `HTTP/2 ${title}: ${findCode(code)?.title.split(': ')[1]}`,
    meaning: `${meaning}. ${error.meaning}`,
    producedBy,
    retryAdvice: error.retryAdvice,
    look: error.look,
  };
}

function mapRows<Key extends number, Row, Text>(
  rows: Readonly<Record<Key, Row>>,
  textOf: (row: Row) => Text,
): Readonly<Record<Key, Text>> {
  return Object.fromEntries(Object.entries<Row>(rows).map(([key, row]) => [key, textOf(row)])) as Readonly<
    Record<Key, Text>
  >;
}

/** The texts of the catalogue in Russian. */
export const russianTexts: ReferenceTexts = {
  code: codeText,
  grpc: GRPC,
  http: mapRows(HTTP_ROWS, ([meaning, retryAdvice, look]): HttpText => ({ meaning, retryAdvice, look })),
  plainHttp: mapRows(PLAIN_ROWS, ([meaning, look]): PlainText => ({ meaning, look })),
  httpUses: HTTP_USES,
  codeUses: CODE_USES,
  http2Uses: HTTP2_USES,
  closeUses: CLOSE_USES,
  exitUses: EXIT_USES,
  http2: HTTP2,
  close: CLOSE,
  exit: EXIT,
  litmus: LITMUS,
  httpProducers: ['сервер – о запросе', 'сервер или шлюз перед ним'],
};
