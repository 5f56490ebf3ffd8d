import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TargetAddresses, TargetOptions } from './target.ts';

const PROGRAM = fileURLToPath(new URL('./target-process.ts', import.meta.url));

export interface SpawnedTarget {
  readonly addresses: TargetAddresses;
  /** Ends when the target does, whatever the reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the target in a process of its own, so that its work is not taken for the load generator's.
 * @throws Error with a sentence for the user where it cannot start, for instance because the port is taken
 */
export function spawnTarget(options: TargetOptions = {}): Promise<SpawnedTarget> {
  const child = fork(PROGRAM, [options.host ?? '', String(options.port ?? '')], {
    execPath: process.execPath,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill();
    await ended;
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the demo target ended with ${code} before it could serve`)));
    child.once('message', (message: { addresses?: TargetAddresses; problem?: string }) => {
      if (message.addresses) resolve({ addresses: message.addresses, ended, stop });
      else reject(new Error(`the demo target could not start: ${message.problem}`));
    });
  });
}
