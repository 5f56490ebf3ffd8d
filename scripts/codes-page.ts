import {
  CATALOGUE,
  CODE_RANGES,
  type CodeEntry,
  EXIT_CODES,
  GRPC_DETAILS,
  GRPC_STATUSES,
  type GrpcNumber,
  HTTP2_ERRORS,
  httpToGrpc,
  LITMUS_GROUPS,
  PLAIN_HTTP_STATUSES,
  resetToGrpc,
  WEBSOCKET_CLOSES,
} from '../src/codes/index.ts';

const HEAD = `<!-- Written by "npm run docs" from src/codes. Do not edit. -->
# Error and status codes

A failed request, call or message is never just "an error": it has a code, in \`error_code\` of an HTTP response and as a tag on
every metric of the request. \`error\` keeps the message. Ask for one with \`sixfold explain 1212\`, or for a gRPC status, an
errno, an HTTP status or a message: \`sixfold explain UNAVAILABLE\`, \`sixfold explain ECONNRESET\`, \`sixfold explain http 503\`,
\`sixfold explain "read: connection reset by peer"\`.

Where k6 assigns a code, Sixfold assigns the same one in the same situation. Codes marked *new* are finer: "k6 says" is what k6 has
there. A retired number is never used again.

The catalogue is a library as well, without dependencies:

\`\`\`ts
import { classify, findCode, grpcToHttp, httpToGrpc, LITMUS_GROUPS, readMessage, resetToGrpc } from 'sixfold/codes';

findCode(1212).meaning; // The machine is there, but nobody listens on that port.
try {
  await fetch('http://127.0.0.1:8999');
} catch (error) {
  classify(error, 'dial').name; // connection_refused, found in the chain of causes
}
\`\`\`
`;

/** The whole of docs/reference/codes.md. */
export function renderCodesPage(): string {
  const ranges = CODE_RANGES.map((range) => {
    const entries = CATALOGUE.filter((entry) => entry.code >= range.from && entry.code <= range.to);
    return { title: `${range.from}–${range.to}: ${range.title}`, entries };
  });
  const contents = [...ranges.map(({ title }) => title), ...OTHERS].map(
    (title) =>
      `- [${title}](#${title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-')})`,
  );
  return [
    HEAD,
    `${contents.join('\n')}\n`,
    ...ranges.map(({ title, entries }) => section(title, entries)),
    grpcSection(),
    litmusSection(),
    mappingSection(),
    plainSection(),
    closeSection(),
    exitSection(),
  ].join('\n');
}

const OTHERS = [
  'gRPC statuses',
  'Which one is it?',
  'From one protocol to the other',
  'HTTP statuses that are no failure',
  'Close codes of WebSocket',
  'Exit codes of a run',
];

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

/** One table for the eye, and an entry with an anchor for each code: \`codes.md#1212\`. */
function section(title: string, entries: readonly CodeEntry[]): string {
  const rows = entries.map((entry) => [entry.code, `\`${entry.name}\``, `[${entry.title}](#${entry.code})`]);
  return `## ${title}\n\n${table(['Code', 'Name', ''], rows)}\n${entries.map(describe).join('\n')}`;
}

function describe(entry: CodeEntry): string {
  const k6 = entry.origin === 'k6' ? 'the same' : `${entry.k6Code ?? 'nothing'} (*new* in Sixfold)`;
  const lines = [
    `- Comes from: ${entry.producedBy}`,
    `- Does a retry help? ${entry.retryAdvice}`,
    `- Look first at: ${entry.look}`,
    `- k6 says: ${k6}`,
    ...(entry.errnos ? [`- Errnos: \`${entry.errnos.join('` `')}\``] : []),
    ...(entry.related.length > 0 ? [`- See also: ${entry.related.join(', ')}`] : []),
  ];
  return `### ${entry.code}\n\n**\`${entry.name}\`** – ${entry.title}. ${entry.meaning}\n\n${lines.join('\n')}\n`;
}

function grpcSection(): string {
  const rows = GRPC_STATUSES.map((row) => [
    `[${row.status}](#grpc-${row.status})`,
    `\`${row.name}\``,
    `\`${row.constant}\``,
    row.http,
  ]);
  const entries = GRPC_STATUSES.map((row) => {
    const { meaning, fromLibrary, right, wrong } = GRPC_DETAILS[row.status as GrpcNumber];
    const lines = [
      `- Comes from: ${row.producedBy}`,
      `- From a library: ${fromLibrary}`,
      `- Does a retry help? ${row.retryAdvice}`,
      `- Look first at: ${row.look}`,
      `- Right: ${right.join('; ')}.`,
      `- Wrong: ${wrong.map(({ text, instead }) => `${text} (${GRPC_STATUSES[instead]?.name})`).join('; ')}.`,
    ];
    return `### gRPC ${row.status}\n\n**${row.name}** – ${row.meaning}\n\n${meaning.join('\n\n')}\n\n${lines.join('\n')}\n`;
  });
  return `## gRPC statuses

A call that fails below gRPC carries the transport's code and the status that it maps to: refused is \`error_code\` 1212 and
status 14 UNAVAILABLE. UNAVAILABLE sent by the server is 1814.

${table(['Status', 'Name', 'Constant', 'HTTP'], rows)}
${entries.join('\n')}`;
}

function litmusSection(): string {
  const groups = Object.values(LITMUS_GROUPS).map(({ protocol, title, questions }) => {
    const nameOf = (status: number) => (protocol === 'grpc' ? `\`${GRPC_STATUSES[status]?.name}\`` : `HTTP ${status}`);
    return `### ${title}\n\n${table(
      ['Question', 'If yes'],
      questions.map(({ question, status }) => [question, nameOf(status)]),
    )}`;
  });
  return `## Which one is it?

Asked in order; the first yes decides.

${groups.join('\n')}`;
}

function mappingSection(): string {
  const http = [400, 401, 403, 404, 429, 502, 503, 504].map((status) => [status, grpcName(httpToGrpc(status))]);
  const resets = HTTP2_ERRORS.map((row) => [row.error, `\`${row.name}\``, grpcName(resetToGrpc(row.error))]);
  return `## From one protocol to the other

An answer without \`grpc-status\`, by its HTTP status (any other: UNKNOWN). Source: gRPC, "HTTP to gRPC Status Code Mapping".

${table(['HTTP', 'gRPC'], http)}
The other way, the HTTP status that corresponds to a gRPC status is in the table of statuses above. Source: google.rpc.Code.

A stream that is reset, by its HTTP/2 error code (any other: UNKNOWN). Source: gRPC over HTTP/2. grpc-go, and so k6 and Sixfold's
client, differ in one: FLOW_CONTROL_ERROR is RESOURCE_EXHAUSTED there.

${table(['HTTP/2', 'Name', 'gRPC'], resets)}`;
}

function plainSection(): string {
  const rows = PLAIN_HTTP_STATUSES.map((row) => [row.status, row.phrase, row.meaning]);
  return `## HTTP statuses that are no failure\n\nThey have no \`error_code\`.\n\n${table(['Status', '', 'Meaning'], rows)}`;
}

function closeSection(): string {
  const rows = WEBSOCKET_CLOSES.map((row) => [`\`${row.close}\``, `\`${row.name}\``, row.meaning, row.retryAdvice]);
  return `## Close codes of WebSocket\n\n4000–4999 are the application's own.\n\n${table(['Code', 'Name', 'Meaning', 'Retry?'], rows)}`;
}

function exitSection(): string {
  const rows = EXIT_CODES.map((row) => [row.exit, `\`${row.name}\``, row.meaning]);
  return `## Exit codes of a run\n\n[More about them](exit-codes.md).\n\n${table(['Code', 'Name', 'Meaning'], rows)}`;
}

function grpcName(status: number): string {
  return `${status} ${GRPC_STATUSES[status]?.name}`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
