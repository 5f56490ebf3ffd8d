import MiniSearch from 'minisearch';
import {
  CATALOGUE,
  type CodeUseNumber,
  EXIT_CODES,
  GRPC_STATUSES,
  type GrpcNumber,
  grpcConstants,
  HTTP_STATUSES,
  HTTP2_ERRORS,
  type HttpUseNumber,
  httpConstants,
  PLAIN_HTTP_STATUSES,
  WEBSOCKET_CLOSES,
} from '../codes/index.ts';
import { guideNames, readGuide } from './guide-files.ts';
import type { Language } from './languages.ts';
import { isOwnPage } from './pages/front.ts';
import { closePath, codePath, exitPath, grpcPath, guidePath, http2Path, httpPath, MAPPINGS } from './routes.ts';
import { SEARCH_OPTIONS, type SearchEntry } from './search-options.ts';

/** The index of a language as a script, since by file:// a page may load scripts but fetch nothing. */
export function searchIndexScript(language: Language): string {
  const index = new MiniSearch<SearchEntry>(SEARCH_OPTIONS);
  index.addAll(searchEntries(language));
  return `window.sixfoldIndex = ${JSON.stringify(index).replaceAll('<', '\\u003c')};\n`;
}

/** The bare name of a constant too: `codes.DeadlineExceeded` is looked for as DeadlineExceeded. */
function constantNames(constants: readonly { readonly constant: string }[]): string {
  return [...new Set(constants.flatMap(({ constant }) => constant.split(/[^\w]+/)))].join(' ');
}

function plain(text: string): string {
  return text.replaceAll(/[`*]/g, '');
}

/** What is known by its number and one name. */
function named(id: string, number: number, name: string, meaning: string, kind: string): SearchEntry {
  const text = String(number);
  return { id, number: text, numbers: text, title: name, names: name, text: plain(meaning), kind, weight: 1 };
}

function searchEntries({ tag, messages, texts }: Language): SearchEntry[] {
  const { kinds } = messages;
  return [
    ...GRPC_STATUSES.map(({ status, name }): SearchEntry => {
      const text = texts.grpc[status as GrpcNumber];
      return {
        id: grpcPath(status),
        number: String(status),
        numbers: `${status} ${1800 + status}`,
        title: name,
        names: `${name} ${constantNames(grpcConstants(status))}`,
        text: plain([text.meaning, ...text.details, text.look, ...text.right].join(' ')),
        kind: kinds.grpc,
        weight: 3,
      };
    }),
    ...[...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES].map(({ status, phrase, meaning }): SearchEntry => {
      const own = status < 400 ? texts.plainHttp : texts.http;
      const text = (own as Readonly<Record<number, { meaning: string; look: string }>>)[status];
      return {
        id: httpPath(status),
        number: String(status),
        numbers: `${status} ${status < 400 ? '' : 1000 + status}`,
        title: phrase,
        names: constantNames(httpConstants(status)),
        text: plain(
          [text?.meaning ?? meaning, text?.look ?? '', ...texts.httpUses[status as HttpUseNumber].right].join(' '),
        ),
        kind: kinds.http,
        weight: 2,
      };
    }),
    ...CATALOGUE.filter(isOwnPage).map(({ code, name, errnos, http2 }): SearchEntry => {
      const text = texts.code(code);
      return {
        id: codePath(code),
        number: String(code),
        numbers: String(code),
        title: text.title,
        names: [name, ...(errnos ?? [])].join(' '),
        text: plain([text.meaning, text.look, ...(http2 ? [] : texts.codeUses[code as CodeUseNumber].right)].join(' ')),
        kind: kinds.code,
        weight: http2 === undefined ? 2 : 1,
      };
    }),
    ...HTTP2_ERRORS.map(({ error, name }) => ({
      ...named(http2Path(error), error, name, texts.http2[error].meaning, kinds.http2),
      names: `${name} NGHTTP2_${name} RST_STREAM GOAWAY`,
      weight: 1.5,
    })),
    ...WEBSOCKET_CLOSES.map(({ close, name }) =>
      named(closePath(close), close, name, texts.close[close].meaning, kinds.close),
    ),
    ...EXIT_CODES.map(({ exit, name }) => named(exitPath(exit), exit, name, texts.exit[exit].meaning, kinds.exit)),
    ...guideNames().map((name): SearchEntry => {
      const { title, lead, body } = readGuide(tag, name);
      return {
        id: guidePath(name),
        number: '',
        numbers: '',
        title,
        names: '',
        text: plain(`${lead} ${body.replaceAll(/^#+ /gm, '')}`),
        kind: kinds.guide,
        weight: 0.5,
      };
    }),
    {
      id: MAPPINGS,
      number: '',
      numbers: '',
      title: messages.mappings.title,
      names: 'HTTP gRPC RST_STREAM errno',
      text: plain(messages.mappings.lead),
      kind: kinds.mappings,
      weight: 0.5,
    },
  ];
}
