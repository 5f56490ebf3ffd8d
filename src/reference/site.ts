import {
  CATALOGUE,
  type CodeEntry,
  GRPC_STATUSES,
  HTTP_STATUSES,
  HTTP2_ERRORS,
  PLAIN_HTTP_STATUSES,
} from '../codes/index.ts';
import { ASSET_PATHS, readAsset } from './assets.ts';
import { type GuideName, guideNames, guideSummaries, readGuide } from './guide-files.ts';
import type { Html } from './html.ts';
import { LANGUAGES, type Language } from './languages.ts';
import { renderDocument, renderMoved, renderStart } from './layout.ts';
import type { PageContext } from './page-context.ts';
import { errorCodePage, exitCodePage, http2ErrorPage, webSocketClosePage } from './pages/error-code.ts';
import { frontPage, guidesPage, isOwnPage } from './pages/front.ts';
import { grpcStatusPage } from './pages/grpc-status.ts';
import { guidePage } from './pages/guide.ts';
import { httpStatusPage } from './pages/http-status.ts';
import { mappingsPage } from './pages/mappings.ts';
import { renderStatusPage, type StatusPage } from './pages/status-page.ts';
import {
  CLOSE_NUMBERS,
  closePath,
  codePath,
  EXIT_NUMBERS,
  exitPath,
  FRONT,
  GRPC_NUMBERS,
  GUIDES,
  grpcPath,
  guidePath,
  http2Path,
  httpPath,
  MAPPINGS,
} from './routes.ts';
import { searchIndexScript } from './search-index.ts';

type Render = (context: PageContext) => string;

/** A page with the anatomy of a status. */
const status =
  (page: (context: PageContext) => StatusPage): Render =>
  (context) => {
    const built = page(context);
    return renderDocument(context, `${built.number} ${built.name}`, renderStatusPage(context, built));
  };

const plain =
  (titleOf: (language: Language) => string, main: (context: PageContext) => Html): Render =>
  (context) =>
    renderDocument(context, titleOf(context.language), main(context));

function guide(name: GuideName): Render {
  return plain(
    ({ tag }) => readGuide(tag, name).title,
    (context) => guidePage(context, name),
  );
}

/** 1404 and 1805 lead to HTTP 404 and gRPC 5: nothing is said twice. */
function moved(entry: CodeEntry): Render {
  const { grpcStatus, httpStatus } = entry;
  const name = grpcStatus === undefined ? `HTTP ${httpStatus}` : `${grpcStatus} ${GRPC_STATUSES[grpcStatus]!.name}`;
  return (context) => renderMoved(context, codePath(entry.code), name);
}

/** What there is to render, by its path from the folder of a language on. */
const PAGES: ReadonlyMap<string, Render> = new Map<string, Render>([
  [
    FRONT,
    plain(
      ({ messages }) => messages.title,
      (context) => frontPage(context, guideSummaries(context.language.tag)),
    ),
  ],
  [MAPPINGS, plain(({ messages }) => messages.mappings.title, mappingsPage)],
  [
    GUIDES,
    plain(
      ({ messages }) => messages.guides.title,
      (context) => guidesPage(context, guideSummaries(context.language.tag)),
    ),
  ],
  ...guideNames().map((name): [string, Render] => [guidePath(name), guide(name)]),
  ...GRPC_NUMBERS.map((number): [string, Render] => [
    grpcPath(number),
    status((context) => grpcStatusPage(context, number)),
  ]),
  ...[...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES].map((row): [string, Render] => [
    httpPath(row.status),
    status((context) => httpStatusPage(context, row.status)),
  ]),
  ...CATALOGUE.map((entry): [string, Render] => [
    `codes/${entry.code}.html`,
    isOwnPage(entry) ? status((context) => errorCodePage(context, entry.code)) : moved(entry),
  ]),
  ...HTTP2_ERRORS.map(({ error }): [string, Render] => [
    http2Path(error),
    status((context) => http2ErrorPage(context, error)),
  ]),
  ...CLOSE_NUMBERS.map((close): [string, Render] => [
    closePath(close),
    status((context) => webSocketClosePage(context, close)),
  ]),
  ...EXIT_NUMBERS.map((exit): [string, Render] => [exitPath(exit), status((context) => exitCodePage(context, exit))]),
]);

/** Every page of a language, by its path from the folder of the language on. */
export const PAGE_PATHS: readonly string[] = [...PAGES.keys()];

/** Every file of the site. */
export const FILE_PATHS: readonly string[] = [
  'index.html',
  ...ASSET_PATHS,
  ...LANGUAGES.flatMap(({ tag }) => ['search-index.js', ...PAGE_PATHS].map((file) => `${tag}/${file}`)),
];

/**
 * Renders one file of the site, the same bytes for a server and for an export.
 * @param file `en/grpc/9-failed-precondition.html`
 * @returns null where there is no such file
 */
export async function renderFile(file: string): Promise<string | null> {
  if (file === 'index.html') return renderStart();
  const [tag, ...rest] = file.split('/');
  const language = LANGUAGES.find((one) => one.tag === tag);
  if (language === undefined) return readAsset(file);
  const path = rest.join('/');
  if (path === 'search-index.js') return searchIndexScript(language);
  return PAGES.get(path)?.({ language, path }) ?? null;
}
