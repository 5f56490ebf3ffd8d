import { lookUp, readMessage, type Subject } from '../codes/index.ts';
import { preferredLanguage } from './languages.ts';
import { closePath, codePath, exitPath, FRONT, grpcPath, http2Path, httpPath } from './routes.ts';
import { renderFile } from './site.ts';

/** An answer of whatever serves the reference. */
export interface ReferenceAnswer {
  readonly status: 200 | 302 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const NOT_FOUND: ReferenceAnswer = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'There is no such page.\n',
};

/** The page's own scripts and styles, and nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/**
 * Answers a request for the reference.
 * @param url what comes behind the place where the reference is: `/en/index.html`, `/go?q=UNAVAILABLE`, `/` for the browser's language
 * @param acceptLanguage the header of the request
 */
export async function answerReference(url: string, acceptLanguage: string | undefined): Promise<ReferenceAnswer> {
  // Two slashes at the beginning are no other host.
  const asked = URL.parse(url.replace(/^\/+/, '/'), 'http://reference');
  if (asked === null) return NOT_FOUND;
  const { pathname, searchParams } = asked;
  const { tag } = preferredLanguage(searchParams.get('lang') ?? acceptLanguage);
  if (pathname === '/') return redirect(`${tag}/${FRONT}`);
  if (pathname === '/go') return redirect(`${tag}/${findPage(searchParams.get('q') ?? '') ?? FRONT}`);
  const file = decodeOrNull(pathname.slice(1));
  const body = file === null ? null : await renderFile(file);
  if (file === null || body === null) return NOT_FOUND;
  const type = TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return {
    status: 200,
    headers: { 'content-type': type, 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' },
    body,
  };
}

function redirect(location: string): ReferenceAnswer {
  return { status: 302, headers: { location }, body: '' };
}

function decodeOrNull(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/**
 * The page about what somebody asks for: a number, a name, an errno, a message.
 * @returns its path from the folder of a language on; null where nothing is known
 */
export function findPage(query: string): string | null {
  const subject = lookUp(query)[0] ?? readMessage(query)[0];
  return subject === undefined ? null : pathOf(subject);
}

function pathOf(subject: Subject): string | null {
  switch (subject.kind) {
    case 'code':
      return codePath(subject.entry.code);
    case 'grpc':
      return grpcPath(subject.status.status);
    case 'http':
      return subject.plain || subject.entry?.httpStatus !== undefined ? httpPath(subject.status) : null;
    case 'http2':
      return http2Path(subject.error.error);
    case 'close':
      return closePath(subject.close.close);
    case 'exit':
      return exitPath(subject.exit.exit);
    case 'errno':
      return codePath(subject.entries[0]!.entry.code);
  }
}
