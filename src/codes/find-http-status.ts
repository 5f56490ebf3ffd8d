import { PLAIN_HTTP_STATUSES, type PlainHttpStatus } from './http-plain-status.ts';
import { HTTP_STATUSES, type HttpStatus } from './http-status.ts';

/** By number (400–599 with a name) or reason phrase (`Not Found`, `NOT_FOUND`). */
export function findHttpStatus(which: number | string): HttpStatus | undefined {
  if (typeof which === 'number') return HTTP_STATUSES.find((row) => row.status === which);
  return HTTP_STATUSES.find((row) => flat(row.phrase) === flat(which));
}

/** The same for those that are no failure, 100–399: `204`, `No Content`. */
export function findPlainHttpStatus(which: number | string): PlainHttpStatus | undefined {
  if (typeof which === 'number') return PLAIN_HTTP_STATUSES.find((row) => row.status === which);
  return PLAIN_HTTP_STATUSES.find((row) => flat(row.phrase) === flat(which));
}

function flat(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
