import { readFileSync } from 'node:fs';

const LOOK_MS = 20;

/** Whether the system tells what a process has taken. */
export const TELLS_MEMORY = process.platform === 'linux';

/**
 * Watches how much memory a process takes, as long as it runs.
 * @returns a function that gives the most it has had in memory at once, in MB; 0 where the system does not tell
 */
export function watchMemory(pid: number): () => number {
  let peakKb = 0;
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      peakKb = Math.max(peakKb, Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended, or this is another system.
      clearInterval(timer);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  look();
  return () => peakKb / 1024;
}
