import { styleText } from 'node:util';
import {
  CATALOGUE,
  CODE_RANGES,
  type CodeEntry,
  codeToGrpc,
  type ExitCodeEntry,
  findCode,
  GRPC_DETAILS,
  GRPC_STATUSES,
  type GrpcNumber,
  type GrpcStatus,
  HTTP2_ERRORS,
  httpToGrpc,
  LITMUS_GROUPS,
  litmusFor,
  type Subject,
  type WebSocketClose,
} from '../codes/index.ts';

/** How wide the text may be, in columns, and whether it may be coloured. */
export interface ExplainStyle {
  readonly width: number;
  readonly colour: boolean;
}

type Paint = (kind: 'heading' | 'name' | 'label' | 'faint', text: string) => string;

const LABEL_WIDTH = 13;

function painter(style: ExplainStyle): Paint {
  const styles = { heading: ['bold'], name: ['cyan'], label: ['dim'], faint: ['dim'] } as const;
  return (kind, text) => (style.colour ? styleText([...styles[kind]], text, { validateStream: false }) : text);
}

/** Breaks `text` at spaces into lines of at most `width` columns. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** The explanation of one subject, ending in a line feed. */
export function explainSubject(subject: Subject, style: ExplainStyle): string {
  const paint = painter(style);
  switch (subject.kind) {
    case 'code':
      return codeText(subject.entry, style, paint);
    case 'grpc':
      return grpcText(subject.status, style, paint);
    case 'http':
      return subject.entry ? codeText(subject.entry, style, paint) : plainHttpText(subject, style, paint);
    case 'close':
      return closeText(subject.close, style, paint);
    case 'exit':
      return exitText(subject.exit, style, paint);
    case 'http2': {
      const { error } = subject;
      return card(`HTTP/2 error ${error.error}`, error.name, error.meaning, style, paint, [
        ['Retry', error.retryAdvice],
        ['Look first', error.look],
        ['As gRPC', statusName(codeToGrpc(1631 + error.error)), 'when it resets a call'],
        ...subject.entries.map(
          (entry): Row => [entry === subject.entries[0] ? 'Codes' : '', `${entry.code} ${entry.name}`],
        ),
      ]);
    }
    case 'errno': {
      const cards = subject.entries.map(({ phases, entry }) => {
        const during = subject.entries.length > 1 ? `${subject.errno} during ${phases.join(', ')}\n` : '';
        return `${paint('faint', during)}${codeText(entry, style, paint)}`;
      });
      return cards.join('\n');
    }
  }
}

type Row = readonly [label: string, text: string, note?: string];

function card(
  number: string,
  name: string,
  title: string,
  style: ExplainStyle,
  paint: Paint,
  rows: readonly Row[],
): string {
  const lines = [`${paint('heading', number)}  ${paint('name', name)}`];
  if (title !== '') lines.push(...wrap(title, style.width - 2).map((line) => `  ${line}`));
  lines.push('');
  for (const [label, text, note] of rows) {
    const parts = wrap(note === undefined ? text : `${text} ${note}`, style.width - LABEL_WIDTH - 2);
    parts.forEach((part, i) => {
      lines.push(`  ${paint('label', (i === 0 ? label : '').padEnd(LABEL_WIDTH))}${part}`);
    });
  }
  return `${lines.join('\n')}\n`;
}

function codeText(entry: CodeEntry, style: ExplainStyle, paint: Paint): string {
  if (entry.grpcStatus !== undefined) return grpcText(GRPC_STATUSES[entry.grpcStatus]!, style, paint);
  return card(String(entry.code), entry.name, entry.title, style, paint, [
    ['Meaning', entry.meaning],
    ['Comes from', entry.producedBy],
    ['Retry', entry.retryAdvice],
    ['Look first', entry.look],
    ['As gRPC', ...grpcOfCode(entry)],
    ['k6 says', k6Text(entry)],
    ...(entry.httpStatus === undefined ? [] : litmusRows('http', entry.httpStatus)),
    ...(entry.errnos ? [['Errnos', entry.errnos.join(', ')] as Row] : []),
    ...seeAlso(entry.related),
  ]);
}

/** The corresponding code of the other protocol. */
function grpcOfCode(entry: CodeEntry): [string, string] {
  if (entry.httpStatus === undefined)
    return [statusName(codeToGrpc(entry.code)), 'is the status of a call that fails this way'];
  const same = GRPC_STATUSES.filter((row) => row.http === entry.httpStatus && row.status !== httpToGrpc(row.http)).map(
    (row) => row.name,
  );
  const equal = same.length > 0 ? `; corresponds to ${same.join(', ')}` : '';
  return [statusName(httpToGrpc(entry.httpStatus)), `where gRPC was expected${equal}`];
}

function grpcText(row: GrpcStatus, style: ExplainStyle, paint: Paint): string {
  const entry = findCode(1800 + row.status);
  const { meaning, fromLibrary } = GRPC_DETAILS[row.status as GrpcNumber];
  return card(`gRPC status ${row.status}`, row.name, row.meaning, style, paint, [
    ['Constant', `grpc.${row.constant}`],
    ...meaning.map((text, i): Row => [i === 0 ? 'Meaning' : '', text]),
    ['Comes from', row.producedBy],
    ['By a library', fromLibrary],
    ['Retry', row.retryAdvice],
    ['Look first', row.look],
    [
      'As HTTP',
      String(row.http),
      row.http >= 400
        ? `${findCode(1000 + row.http)?.title.replace(/^HTTP \d+ /, '') ?? ''}, says google.rpc.Code`
        : 'OK',
    ],
    ...(entry ? [['error_code', String(entry.code), '(new in Sixfold) when the server itself sent it'] as Row] : []),
    ...litmusRows('grpc', row.status),
    ...seeAlso(row.related),
  ]);
}

/** The questions that tell a status from those it is taken for; its own is marked. */
function litmusRows(protocol: 'grpc' | 'http', status: number): Row[] {
  const nameOf = (of: number) => (protocol === 'grpc' ? GRPC_STATUSES[of]!.name : String(of));
  return litmusFor(protocol, status).flatMap((name) =>
    LITMUS_GROUPS[name].questions.map((asked, i): Row => {
      const mark = asked.status === status ? ' ◂' : '';
      return [i === 0 ? 'Which one?' : '', `${asked.question} → ${nameOf(asked.status)}${mark}`];
    }),
  );
}

const PLAIN_CLASSES = ['', 'interim response', 'success', 'redirect'];

function plainHttpText(
  { status, plain }: Extract<Subject, { kind: 'http' }>,
  style: ExplainStyle,
  paint: Paint,
): string {
  const name = plain?.phrase ?? PLAIN_CLASSES[Math.floor(status / 100)] ?? 'unknown';
  return card(`HTTP ${status}`, name, '', style, paint, [
    ...(plain ? [['Meaning', plain.meaning] as Row, ['Look first', plain.look] as Row] : []),
    ['error_code', 'None: it is no failure, and http_req_failed is 0 unless a response callback says otherwise.'],
    [
      'As gRPC',
      statusName(httpToGrpc(status)),
      status === 200 ? 'if the call sends grpc-status 0' : 'where gRPC was expected',
    ],
    ...litmusRows('http', status),
  ]);
}

function closeText(row: WebSocketClose, style: ExplainStyle, paint: Paint): string {
  return card(`WebSocket close ${row.close}`, row.name, '', style, paint, [
    ['Meaning', row.meaning],
    ...(row.isLocal ? [['On the wire', 'Never: it is what a library reports.'] as Row] : []),
    ['Retry', row.retryAdvice],
    ['Look first', row.look],
    ...(row.retry === 'none' ? [] : seeAlso([row.close === 1006 ? 1903 : 1900])),
  ]);
}

function exitText(row: ExitCodeEntry, style: ExplainStyle, paint: Paint): string {
  return card(`Exit code ${row.exit}`, row.name, '', style, paint, [
    ['Meaning', row.meaning],
    ['Look first', row.look],
  ]);
}

function k6Text(entry: CodeEntry): string {
  if (entry.origin === 'k6') return `${entry.code} too`;
  return entry.k6Code === null
    ? 'nothing: it has no code for this'
    : `${entry.k6Code} (${findCode(entry.k6Code)?.name})`;
}

function seeAlso(codes: readonly number[]): Row[] {
  return codes.map((code, i) => {
    const entry = findCode(code);
    return [i === 0 ? 'See also' : '', `${code} ${entry?.name} – ${entry?.title}`];
  });
}

function statusName(status: number): string {
  return `${status} ${GRPC_STATUSES[status]?.name}`;
}

/** All codes, by range. */
export function listAll(style: ExplainStyle): string {
  const paint = painter(style);
  const lines: string[] = [];
  for (const range of CODE_RANGES) {
    const entries = CATALOGUE.filter((entry) => entry.code >= range.from && entry.code <= range.to);
    lines.push(paint('heading', `${range.from}–${range.to}  ${range.title}`));
    if (range.from === 1600) lines.push(...http2Lines(paint));
    else lines.push(...entries.map((entry) => listLine(entry, style, paint)));
    lines.push('');
  }
  lines.push(
    ...wrap(
      'sixfold explain CODE, for instance: 1212, UNAVAILABLE, 14, StatusAborted, ECONNREFUSED, http 503',
      style.width,
    ),
  );
  return `${lines.join('\n')}\n`;
}

function listLine(entry: CodeEntry, style: ExplainStyle, paint: Paint): string {
  const name = entry.name.padEnd(27);
  const room = style.width - 2 - 6 - 28;
  const grpc = entry.grpcStatus === undefined ? undefined : GRPC_STATUSES[entry.grpcStatus];
  if (grpc) return `  ${entry.code}  ${paint('name', name)} status ${grpc.status}, grpc.${grpc.constant}`;
  const title = entry.title.length > room ? `${entry.title.slice(0, room - 1)}…` : entry.title;
  return `  ${entry.code}  ${paint('name', name)} ${title}`;
}

/** Three families times fourteen errors: a table says it in less room than a list. */
function http2Lines(paint: Paint): string[] {
  const row = (cells: readonly string[]) =>
    `  ${cells[0]!.padEnd(24)}${cells
      .slice(1)
      .map((cell) => cell.padEnd(12))
      .join('')}`.trimEnd();
  return [
    `  1600  ${paint('name', 'http2')}  HTTP/2 failure of another kind`,
    paint('faint', row(['error', 'GOAWAY', 'RST_STREAM', 'connection'])),
    row(['unknown', '1610', '1630', '1650']),
    ...HTTP2_ERRORS.map((error) =>
      row([`${error.error} ${error.name}`, ...[1611, 1631, 1651].map((base) => String(base + error.error))]),
    ),
  ];
}
