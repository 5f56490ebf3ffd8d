// One echo request: a process of ping, which ends with its reply, after its time, or with the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { isIPv6 } from 'node:net';
import type { Echo, EchoOutcome } from '../../vu/pinger.ts';
import { explainStart, NO_RIGHT, pingEnvironment } from './ping-program.ts';
import { hasSocket, lastWords, readPingOutput } from './read-ping-output.ts';

/** How much longer than the reply may take the process may live, in ms: its start on a busy machine, or a ping that hangs. */
const GRACE_MS = 10_000;
/** Far more than it prints for one request. */
const MOST_OUTPUT = 64 * 1024;

export class PingProcess {
  /** Rejects where it cannot do its work at all, with what to do about it. */
  readonly outcome: Promise<EchoOutcome>;
  readonly #child: ChildProcess;

  /** @param program the path of ping @param asked when it was asked for, by `performance.now()` */
  constructor(program: string, echo: Echo, asked: number) {
    // No shell: what a script gives is an argument, and has been read as a number or an address.
    this.#child = spawn(program, wordsFor(echo), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: pingEnvironment(),
      // A process group of its own: Ctrl-C is for the test, which then ends it.
      detached: true,
    });
    living.add(this.#child);
    this.outcome = this.#follow(program, echo, asked);
  }

  /** Ends it: its outcome is a failure then, unless the reply has come. */
  end(): void {
    this.#child.kill('SIGKILL');
  }

  #follow(program: string, echo: Echo, asked: number): Promise<EchoOutcome> {
    const child = this.#child;
    let stdout = '';
    let stderr = '';
    let setupMs = Number.NaN;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < MOST_OUTPUT) stdout += text;
      if (Number.isNaN(setupMs) && hasSocket(stdout)) setupMs = performance.now() - asked;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MOST_OUTPUT) stderr += text;
    });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(), echo.timeoutMs + GRACE_MS);
      const leave = (): void => {
        clearTimeout(timer);
        living.delete(child);
      };
      child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
        leave();
        reject(new Error(explainStart(program, code, message)));
      });
      child.once('close', (code, signal) => {
        leave();
        const read = readPingOutput(stdout, stderr, echo.timeoutMs, signal ?? code ?? 0);
        if (read !== null) resolve({ ...read, setupMs: Number.isNaN(setupMs) ? performance.now() - asked : setupMs });
        // Ended before it could begin.
        else if (signal !== null) resolve({ ...ENDED_EARLY, setupMs: performance.now() - asked });
        else reject(new Error(explainFailure(lastWords(stderr))));
      });
    });
  }
}

/** Of a request that was given up before it was sent. */
export const ENDED_EARLY = { kind: 'failed', code: 1030, message: 'icmp: cancelled', isSent: false } as const;

function wordsFor({ address, timeoutMs, size, ttl, source, id }: Echo): string[] {
  return [
    isIPv6(address) ? '-6' : '-4',
    // Numbers only, with times of arrival and the identifier.
    ...['-n', '-D', '-v'],
    ...['-c', '1', '-W', String(timeoutMs / 1000), '-s', String(size)],
    ...(ttl === null ? [] : ['-t', String(ttl)]),
    ...(source === null ? [] : ['-I', source]),
    ...(id === null ? [] : ['-e', String(id)]),
    address,
  ];
}

function explainFailure(words: string): string {
  return /^socket: .*not permitted/i.test(words) ? NO_RIGHT : `ping cannot send: ${words}`;
}

/** Those to be ended where this process exits without having ended them. */
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});
