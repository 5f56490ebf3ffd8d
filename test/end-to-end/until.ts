import { setTimeout as wait } from 'node:timers/promises';

/** Longer than anything takes on a busy machine. */
export const LONGEST_MS = 80_000;

/** Waits for a condition. @throws Error where it takes too long */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it does not come to: ${what}`);
    await wait(20);
  }
}
