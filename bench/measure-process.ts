import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run of a program cost. */
export interface ProcessCost {
  /** User and system time of the process and its threads, in seconds, from the accounting of the finished process. */
  readonly cpuSeconds: number;
  readonly wallMs: number;
  /** The largest resident set, in bytes; 0 where the system does not tell. */
  readonly peakBytes: number;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How often the peak of the memory is read while the process runs: it only ever grows, so the last reading counts. */
const PEAK_EVERY_MS = 50;

/**
 * Runs a program to its end and says what it cost. The shell that starts it reports what the system charged it for its only
 * child (`times`, POSIX), which is the accounting that wait4 gives.
 */
export function measureProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessCost> {
  const wrapper = '"$@" & echo $! >&4; wait $!; code=$?; times >&3; exit $code';
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', wrapper, 'sh', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const texts = ['', '', '', '', ''];
  child.stdio.forEach((stream, i) => {
    if (stream && 'setEncoding' in stream)
      stream.setEncoding('utf8').on('data', (text: string) => {
        texts[i] += text;
      });
  });
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(Number(texts[4])));
  }, PEAK_EVERY_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(watch);
      const [, stdout = '', stderr = '', times = ''] = texts;
      resolve({
        cpuSeconds: parseTimes(times),
        wallMs: performance.now() - started,
        peakBytes,
        exit: code ?? 255,
        stdout,
        stderr,
      });
    });
  });
}

/**
 * The children's line of the shell's `times`: `0m1.23s 0m0.04s`.
 * @returns seconds, user and system together
 */
export function parseTimes(text: string): number {
  const children = text.trim().split('\n')[1] ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, match) => sum + Number(match[1]) * 60 + Number(match[2]),
    0,
  );
}

/** VmHWM of a process, in bytes. */
function peakOf(pid: number): number {
  if (!pid) return 0;
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // It has just ended, or this is no Linux.
    return 0;
  }
}
