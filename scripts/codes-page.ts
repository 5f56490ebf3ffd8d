import {
  CATALOGUE,
  CODE_RANGES,
  type CodeEntry,
  GRPC_LITMUS,
  GRPC_STATUSES,
  HTTP2_ERRORS,
  httpToGrpc,
  resetToGrpc,
} from '../src/codes/index.ts';

const HEAD = `<!-- Written by "npm run docs" from src/codes. Do not edit. -->
# Error and status codes

A failed request, call or message is never just "an error": it has a code, in \`error_code\` of an HTTP response and as a tag on
every metric of the request. \`error\` keeps the message. Ask for one with \`sixfold explain 1212\`, or for a gRPC status, an
errno or an HTTP status: \`sixfold explain UNAVAILABLE\`, \`sixfold explain ECONNRESET\`, \`sixfold explain http 503\`.

Where k6 assigns a code, Sixfold assigns the same one in the same situation. Codes marked *new* are finer: the column "k6"
says what k6 has there, – meaning nothing. A retired number is never used again.

The catalogue is a library as well, without dependencies:

\`\`\`ts
import { classify, findCode, grpcToHttp, httpToGrpc, resetToGrpc } from 'sixfold/codes';

findCode(1212).meaning; // The machine is there, but nobody listens on that port.
try {
  await fetch('http://127.0.0.1:1');
} catch (error) {
  classify(error, 'dial').name; // connection_refused, found in the chain of causes
}
\`\`\`
`;

/** The whole of docs/reference/codes.md. */
export function renderCodesPage(): string {
  const sections = CODE_RANGES.map((range) => {
    const entries = CATALOGUE.filter((entry) => entry.code >= range.from && entry.code <= range.to);
    return `## ${range.from}–${range.to}: ${range.title}\n\n${table(entries)}`;
  });
  return [HEAD, ...sections, grpcSection(), mappingSection()].join('\n');
}

/**
 * The whole of test/architecture/codes-lock.ts: every number with its name, which the compiler compares with the types and a
 * test with the table.
 */
export function renderCodesLock(): string {
  const lines = CATALOGUE.map((entry) => `  ${entry.code}: '${entry.name}',`);
  return `// Written by "npm run docs" from src/codes. Do not edit: a line that changes here is a code that changed its meaning.
import type { Code, CodeName } from '../../src/codes/index.ts';

export const CODES_LOCK = {
${lines.join('\n')}
} as const satisfies Record<Code, CodeName>;

type Locked = (typeof CODES_LOCK)[Code];
/** Compiles only if the types hold no name that is not in the table. */
export const NAMES_ARE_EXACT: CodeName extends Locked ? true : never = true;
`;
}

function table(entries: readonly CodeEntry[]): string {
  const rows = entries.map((entry) => {
    const k6 = entry.origin === 'k6' ? 'same' : `*new*, ${entry.k6Code ?? '–'}`;
    const errnos = entry.errnos ? ` <br>\`${entry.errnos.join('` `')}\`` : '';
    const meaning = `**${entry.title}.** ${entry.meaning}${errnos}`;
    return [
      entry.code,
      `\`${entry.name}\``,
      meaning,
      entry.producedBy,
      entry.retryAdvice,
      entry.look,
      k6,
      entry.related.join(', ') || '–',
    ];
  });
  return markdown(
    ['Code', 'Name', 'Meaning', 'Comes from', 'Does a retry help?', 'Look first at', 'k6', 'See also'],
    rows,
  );
}

function grpcSection(): string {
  const rows = GRPC_STATUSES.map((row) => [
    row.status,
    `\`${row.name}\``,
    `\`${row.constant}\``,
    row.meaning,
    row.producedBy,
    row.retryAdvice,
    row.http,
  ]);
  return `## gRPC statuses

A call that fails below gRPC carries the transport's code and the status that it maps to: refused is \`error_code\` 1212 and
status 14 UNAVAILABLE. UNAVAILABLE sent by the server is 1814.

${markdown(['Status', 'Name', 'Constant', 'Meaning', 'Comes from', 'Does a retry help?', 'HTTP'], rows)}
Which one? ${GRPC_LITMUS}
`;
}

function mappingSection(): string {
  const http = [400, 401, 403, 404, 429, 502, 503, 504].map((status) => [status, grpcName(httpToGrpc(status))]);
  const resets = HTTP2_ERRORS.map((row) => [
    row.error,
    `\`${row.name}\``,
    row.meaning,
    grpcName(resetToGrpc(row.error)),
  ]);
  return `## From one protocol to the other

An answer that is not gRPC, by its HTTP status (any other: UNKNOWN):

${markdown(['HTTP', 'gRPC'], http)}
A stream that is reset, by its HTTP/2 error code (any other: UNKNOWN). grpc-go, and so k6 and Sixfold's client, differ in one:
FLOW_CONTROL_ERROR is RESOURCE_EXHAUSTED there.

${markdown(['HTTP/2', 'Name', 'Meaning', 'gRPC'], resets)}`;
}

function grpcName(status: number): string {
  return `${status} ${GRPC_STATUSES[status]?.name}`;
}

function markdown(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
