import type { Command } from 'commander';
import {
  CATALOGUE,
  CODE_RANGES,
  EXIT_CODES,
  GRPC_STATUSES,
  HTTP2_ERRORS,
  knownNames,
  lookUp,
  nearestNames,
  readMessage,
  type Subject,
  WEBSOCKET_CLOSES,
} from '../codes/index.ts';
import { type ExplainStyle, explainSubject, listAll } from './explain-text.ts';
import { addNotes } from './help-page.ts';
import { isCapableTerminal } from './terminal.ts';

/** What nothing in the catalogue answers to: a command line that cannot be understood. */
const EXIT_UNKNOWN = 255;

/** Adds `sixfold explain [words...]` to the program. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('say what an error or status code means, where it comes from and what to look at first')
    .argument(
      '[words...]',
      'a code (1212), gRPC status (14, UNAVAILABLE), constant (codes.Aborted, HTTP_STATUS_CONFLICT), errno (ECONNREFUSED), HTTP status (http 503), HTTP/2 error (http2 7), close code (close 1006), exit code (exit 99), or an error message as it came',
    )
    .option('--json', 'print JSON, for machines')
    .action((words: string[], options: { json?: boolean }) => {
      process.exitCode = explain(words, options.json === true, process.stdout, process.stderr);
    });
  addNotes(command, {
    examples: [
      ['sixfold explain 1212', 'an error code'],
      ['sixfold explain UNAVAILABLE', 'a gRPC status'],
      ['sixfold explain http 503', 'an HTTP status'],
      ['sixfold explain "read: connection reset by peer"', 'a message as some program printed it'],
      ['sixfold explain', 'all of them'],
    ],
  });
}

/**
 * Prints what `words` mean, or with none all codes by range.
 * @returns the exit code: 0, or 255 for something unknown
 */
export function explain(
  words: readonly string[],
  json: boolean,
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
): number {
  if (words.length === 0) {
    stdout.write(json ? asJson(everything()) : listAll(styleOf(stdout)));
    return 0;
  }
  const query = words.join(' ');
  const subjects = find(words);
  const nearest = subjects.length > 0 ? [] : nearestNames(query, knownNames());
  if (json) stdout.write(asJson(subjects.length > 0 ? { query, subjects } : { query, subjects, nearest }));
  else if (subjects.length > 0)
    stdout.write(subjects.map((subject) => explainSubject(subject, styleOf(stdout))).join('\n'));
  else stderr.write(unknownText(query, nearest));
  return subjects.length > 0 ? 0 : EXIT_UNKNOWN;
}

/** The words as one question; if that has no answer, each as a question of its own, provided that all have one; else as a message. */
function find(words: readonly string[]): Subject[] {
  const text = words.join(' ');
  const together = lookUp(text);
  if (together.length > 0) return together;
  const each = words.map(lookUp);
  return each.every((subjects) => subjects.length > 0) ? each.flat() : readMessage(text);
}

function unknownText(query: string, nearest: readonly string[]): string {
  const hint = nearest.length > 0 ? `Did you mean: ${nearest.join(', ')}?` : '"sixfold explain" alone lists all codes.';
  return `Nothing is known about "${query}". ${hint}\n`;
}

function everything(): object {
  return {
    ranges: CODE_RANGES,
    codes: CATALOGUE,
    grpcStatuses: GRPC_STATUSES,
    http2Errors: HTTP2_ERRORS,
    webSocketCloses: WEBSOCKET_CLOSES,
    exitCodes: EXIT_CODES,
  };
}

function asJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function styleOf(stream: NodeJS.WriteStream): ExplainStyle {
  const colour = isCapableTerminal(stream) && !process.env['NO_COLOR'];
  return { width: Math.min(stream.columns ?? 80, 100), colour };
}
