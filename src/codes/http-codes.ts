import { type CodeEntry, entryOf } from './code-entry.ts';
import { HTTP_STATUSES, type HttpStatus, type NamedHttpStatus } from './http-status.ts';
import { httpToGrpc } from './status-mapping.ts';

/** 1000 + an HTTP status, as a type. */
type PlusThousand<Status extends number> = `1${Status}` extends `${infer Code extends number}` ? Code : never;
export type HttpCode = PlusThousand<NamedHttpStatus>;
export type HttpCodeName = `http_${NamedHttpStatus}`;

function httpEntry(row: HttpStatus): CodeEntry {
  return entryOf({
    code: 1000 + row.status,
    name: `http_${row.status}`,
    origin: 'k6',
    title: `HTTP ${row.status} ${row.phrase}`.trimEnd(),
    meaning: row.meaning,
    producedBy: row.status < 500 ? 'server, about the request' : 'server, or a gateway before it',
    retry: row.retry,
    retryAdvice: row.retryAdvice,
    look: row.look,
    related: [1800 + httpToGrpc(row.status)],
    httpStatus: row.status,
  });
}

/** 1400–1599: one entry for every status with a name. */
export const HTTP_ENTRIES: readonly CodeEntry[] = HTTP_STATUSES.map(httpEntry);

/**
 * The entry for a status from 400 to 599 without a name, as RFC 9110 (section 15) has it: like x00 of its class.
 * @returns undefined for anything else
 */
export function unnamedHttpEntry(code: number): CodeEntry | undefined {
  if (!Number.isInteger(code) || code < 1400 || code > 1599) return undefined;
  const status = code - 1000;
  const ofClient = status < 500;
  return httpEntry({
    status,
    phrase: '',
    meaning: `A status without a registered name: to be taken as ${ofClient ? 400 : 500} (RFC 9110, section 15).`,
    retry: 'no',
    retryAdvice: 'Not before its meaning is known.',
    look: 'The documentation of the server or proxy that sends it.',
  });
}
