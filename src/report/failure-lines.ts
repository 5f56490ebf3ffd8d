// The part of the text summary that says what failed, by code, what it means and where to look.
import { findCode } from '../codes/catalogue.ts';
import type { FailureCount } from '../metrics/failure-tally.ts';
import type { Protocol } from '../metrics/sample-batch.ts';
import type { TextStyle } from './text-style.ts';
import { formatPercent } from './value-format.ts';

/** Codes shown; the others are counted in one line. */
const SHOWN = 10;
const SHOWN_NAMES = 2;
const SHOWN_FRAMES = 6;

const UNITS: Readonly<Record<Protocol, string>> = {
  http: 'HTTP requests',
  grpc: 'gRPC calls',
  'grpc-connect': 'gRPC connects',
  websocket: 'WebSocket sessions',
  dns: 'DNS resolutions',
  'dns-lookup': 'DNS look-ups',
  redis: 'Redis commands',
  sql: 'SQL statements',
  tcp: 'TCP sockets',
  tls: 'TLS handshakes',
  icmp: 'pings',
  sse: 'event streams',
  ssh: 'SSH commands',
  'ssh-connect': 'SSH connects',
  mqtt: 'MQTT calls',
};

/**
 * @param width that explanations are wrapped to
 * @returns lines without indentation; none where nothing failed
 */
export function failureLines(failures: readonly FailureCount[], style: TextStyle, width: number): string[] {
  const lines = failures.slice(0, SHOWN).flatMap((failure) => describe(failure, style, width));
  const rest = failures.slice(SHOWN);
  if (rest.length > 0) {
    const count = rest.reduce((sum, failure) => sum + failure.count, 0);
    lines.push('', `and ${count} more with ${rest.length} other codes`);
  }
  if (lines.length > 0)
    lines.push('', style.faint('`sixfold explain CODE` says more about each, `sixfold docs CODE` opens its page.'));
  return lines.slice(1);
}

function describe(
  { protocol, code, count, total, names, message, stack }: FailureCount,
  style: TextStyle,
  width: number,
): string[] {
  const entry = findCode(code);
  const share = `${formatPercent(count, total)} of ${UNITS[protocol]}`;
  const lines = [
    '',
    `${style.code(style.bad(`${code}${entry ? ` ${entry.name}` : ''}`), code)}: ${style.value(String(count))} ${style.faint(`(${share})`)}`,
  ];
  if (entry) lines.push(...wrap(entry.meaning, '  ', '  ', width), ...wrap(entry.look, '  look: ', '        ', width));
  if (message !== '') lines.push(`  message: ${message}`);
  // Only its frames: the message stands above.
  for (const frame of stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, SHOWN_FRAMES)) {
    lines.push(`    ${style.faint(frame.trim())}`);
  }
  const most = names.slice(0, SHOWN_NAMES).map(({ name, count }) => `${name} (${count})`);
  if (most.length > 0) lines.push(`  most: ${most.join(', ')}${names.length > SHOWN_NAMES ? ', …' : ''}`);
  return lines;
}

/** @returns `text` in lines of at most `width`, words kept whole */
export function wrap(text: string, first: string, next: string, width: number): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = next;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
