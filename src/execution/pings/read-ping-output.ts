// What ping of iputils prints for one echo request (`-v -D -c 1`, in the language C), and what it says of the request.
import type { EchoOutcome } from '../../vu/pinger.ts';

type Outcome<T> = T extends unknown ? Omit<T, 'setupMs'> : never;

/** What became of the request; null: ping could not do its work, and its last words say why. */
export type ReadOutcome = Outcome<EchoOutcome> | null;

/** The line that comes first, once there is a socket. */
const HEADER = /^PING /m;
const REPLY =
  /^(?:\[(\d+\.\d+)\] )?(\d+) bytes from \S+: icmp_seq=\d+(?: ident=(\d+))? (?:ttl|hlim)=(\d+)(?: time[=<]([\d.]+) ms)?/m;
/** An error of ICMP. Redirections come in the same form but for a colon, and are none. */
const REPORTED = /^(?:\[\d+\.\d+\] )?From (\S*[^\s:]) icmp_seq=\d+ (.+)$/m;
/** What it says of itself and its sockets, with `-v`. */
const CHATTER = /sock4\.fd|socktype:|ai_family/;

/** The texts of ICMP and of the system, in the order in which they are tried. */
const CODES: readonly (readonly [text: RegExp, code: number])[] = [
  [/net(?:work)?(?: is)? unreachable|: no route$/i, 1215],
  [/host(?: is)? unreachable|address unreachable|no route to host/i, 1214],
];
/** Something that is not a TCP connection. */
const OTHER = 1010;
const TIMED_OUT = 1050;

/**
 * @param stdout all that it printed @param stderr the same
 * @param timeoutMs how long the reply could take
 * @param ended the exit code, or the signal that ended it
 */
export function readPingOutput(
  stdout: string,
  stderr: string,
  timeoutMs: number,
  ended: number | NodeJS.Signals,
): ReadOutcome {
  const reply = REPLY.exec(stdout);
  if (reply !== null) {
    const [, receivedS, bytes, id, ttl, rttMs] = reply;
    return {
      kind: 'reply',
      // Microseconds are what it prints.
      receivedMs: receivedS === undefined ? Date.now() : Math.round(Number(receivedS) * 1e6) / 1e3,
      rttMs: rttMs === undefined ? null : Number(rttMs),
      ttl: Number(ttl),
      id: id === undefined ? null : Number(id),
      bytes: Number(bytes),
    };
  }
  const hasBegun = hasSocket(stdout);
  const reported = REPORTED.exec(stdout);
  if (reported !== null) {
    const [, from, text = ''] = reported;
    return fail(codeOf(text), `icmp: ${text} (from ${from})`, true);
  }
  const words = lastWords(stderr);
  if (/^connect: /.test(words)) return fail(codeOf(words), `icmp: ${words}`, false);
  if (!hasBegun) return null;
  // What the system refuses to send, such as what is too long.
  if (words !== '') return fail(codeOf(words), `icmp: ${words}`, false);
  if (ended === 1) return fail(TIMED_OUT, `icmp: no reply within ${timeoutMs / 1000} s`, true);
  return fail(OTHER, `icmp: ping ended ${typeof ended === 'number' ? `with exit code ${ended}` : `by ${ended}`}`, true);
}

/** Whether it came as far as to send. */
export function hasSocket(stdout: string): boolean {
  return HEADER.test(stdout);
}

/** @returns what it says was wrong, without its name; empty: nothing */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !CHATTER.test(line))
    .map((line) => line.replace(/^\S*ping: /, ''));
  return lines[0] ?? '';
}

function codeOf(text: string): number {
  return CODES.find(([known]) => known.test(text))?.[1] ?? OTHER;
}

function fail(code: number, message: string, isSent: boolean): ReadOutcome {
  return { kind: 'failed', code, message, isSent };
}
