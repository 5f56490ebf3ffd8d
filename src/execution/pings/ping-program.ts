// The program that sends echo requests: ping of iputils, which Linux lets send them.
import { execFile } from 'node:child_process';
import { invalidConfig } from '../../exit/exit-error.ts';
import type { Environment } from '../../options/environment.ts';
import { findOnPath } from '../find-on-path.ts';

const NEEDS = "the module 'k6/x/icmp' stands on the program ping of iputils";
const INSTALL = 'install the package iputils-ping (Debian, Ubuntu) or iputils (Fedora, Arch, Alpine)';

/** What is said where the program may not send. */
export const NO_RIGHT =
  'ping may not send here: as root, give it the right with "setcap cap_net_raw+ep" and its path, or allow all groups to ping with ' +
  'sysctl -w net.ipv4.ping_group_range="0 2147483647" (not enough where the option id is given); in a container, add the capability NET_RAW';

/**
 * @returns its path
 * @throws ExitError 104 that says what to install
 */
export async function findPing(env: Environment): Promise<string> {
  if (process.platform !== 'linux')
    throw invalidConfig(`${NEEDS}, which there is on Linux alone: run the test on a machine with Linux`);
  const program = findOnPath('ping', env);
  if (program === null) throw invalidConfig(`${NEEDS}, which is not on the path: ${INSTALL}`);
  const version = await new Promise<string>((resolve, reject) => {
    execFile(program, ['-V'], { env: pingEnvironment() }, (error, stdout, stderr) => {
      // Others have no such flag, and end with an error. What cannot be started at all has a code in words.
      const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
      if (typeof code === 'string') reject(invalidConfig(explainStart(program, code, message)));
      else resolve(stdout + stderr);
    });
  });
  if (!version.includes('iputils'))
    throw invalidConfig(`${NEEDS}, and ${program} is another (${version.split('\n')[0] ?? ''}): ${INSTALL}`);
  return program;
}

/** What it prints is read: it is to do so in the one language that we know. */
export function pingEnvironment(): NodeJS.ProcessEnv {
  return { LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv;
}

/** @returns why it could not be started, and what to do */
export function explainStart(program: string, code: string | undefined, message: string): string {
  switch (code) {
    case 'ERR_ACCESS_DENIED':
      return 'ping cannot be started: this process may start no others';
    case 'EPERM':
    case 'EACCES':
      return `${program} cannot be started (${code}): ${NO_RIGHT}`;
    case 'EMFILE':
    case 'ENFILE':
    case 'EAGAIN':
      return `${program} cannot be started (${code}): raise the limits of processes and open files (ulimit -u, ulimit -n)`;
    default:
      return `${program} cannot be started: ${message}`;
  }
}
