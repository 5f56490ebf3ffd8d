import path from 'node:path/posix';
import { EXIT_CODES, findCode, GRPC_STATUSES, HTTP2_ERRORS, WEBSOCKET_CLOSES } from '../codes/index.ts';

// Where pages are, from the folder of their language on: real file names, so that a folder opened by file:// works.

const slug = (name: string): string => name.toLowerCase().replaceAll('_', '-');

export const FRONT = 'index.html';
export const MAPPINGS = 'mappings/index.html';
export const GUIDES = 'guides/index.html';

export const grpcPath = (status: number): string => `grpc/${status}-${slug(GRPC_STATUSES[status]!.name)}.html`;
export const httpPath = (status: number): string => `http/${status}.html`;
export const http2Path = (error: number): string => `http2/${error}-${slug(HTTP2_ERRORS[error]!.name)}.html`;
export const closePath = (close: number): string => `websocket/${close}.html`;
export const exitPath = (exit: number): string => `exit/${exit}.html`;
export const guidePath = (name: string): string => `guides/${name}.html`;

/** Where a code is described: those of statuses with their status. */
export function codePath(code: number): string {
  const entry = findCode(code);
  if (entry?.grpcStatus !== undefined) return grpcPath(entry.grpcStatus);
  return entry?.httpStatus === undefined ? `codes/${code}.html` : httpPath(entry.httpStatus);
}

export const GRPC_NUMBERS: readonly number[] = GRPC_STATUSES.map(({ status }) => status);
export const CLOSE_NUMBERS: readonly number[] = WEBSOCKET_CLOSES.map(({ close }) => close);
export const EXIT_NUMBERS: readonly number[] = EXIT_CODES.map(({ exit }) => exit);

/**
 * The way from one page to another.
 * @param from path of the page that has the link
 * @param to path of the other, with an anchor if need be; of a folder with its slash, which stays
 */
export function relativeLink(from: string, to: string): string {
  const way = path.relative(path.dirname(from), to);
  return to.endsWith('/') && way !== '' ? `${way}/` : way;
}
