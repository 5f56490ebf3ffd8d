// For tests: Debian's sshd on loopback, which lets in the user that runs it.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram, hasProgram } from './has-program.ts';
import { findFreePort, spawnOnLoopback } from './spawn-on-loopback.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_SSHD: string | false = process.env['CI'] || hasProgram('sshd') ? false : 'no sshd on this machine';

export interface SshServer {
  readonly port: number;
  readonly username: string;
  /** As `SHA256:…` */
  readonly fingerprint: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/**
 * @param folder an empty one, where it puts the keys: `user` is one that it lets in
 */
export async function spawnSshd(folder: string): Promise<SshServer> {
  createSshKey(folder, 'host', 'ed25519');
  createSshKey(folder, 'user', 'rsa');
  copyFileSync(path.join(folder, 'user.pub'), path.join(folder, 'authorized_keys'));
  chmodSync(path.join(folder, 'authorized_keys'), 0o600);
  const port = await findFreePort();
  const config = path.join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${path.join(folder, 'host')}`,
      `PidFile ${path.join(folder, 'pid')}`,
      `AuthorizedKeysFile ${path.join(folder, 'authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'UseDNS no',
      // What the user's shell does first is none of the test's.
      `SetEnv HOME=${folder}`,
      '',
    ].join('\n'),
  );
  // Where it is root's its processes are parted, and need that folder.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  // It wants to be started by its whole path.
  const { kill } = await spawnOnLoopback(findProgram('sshd') ?? '/usr/sbin/sshd', ['-D', '-e', '-f', config], [port]);
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-l', '-f', path.join(folder, 'host.pub')], {
    encoding: 'utf8',
  }).split(' ');
  return { port, username: os.userInfo().username, fingerprint, kill };
}

/** Makes a key and its public half in a folder. */
export function createSshKey(folder: string, name: string, type: 'ed25519' | 'rsa', passphrase = ''): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-f', path.join(folder, name)]);
}
