// For tests: whether there is a ping that may send.
import { spawnSync } from 'node:child_process';
import { findProgram } from './has-program.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_PING: string | false = whyNot();

function whyNot(): string | false {
  if (process.env['CI']) return false;
  if (process.platform !== 'linux') return 'k6/x/icmp is for Linux';
  const program = findProgram('ping');
  if (program === null) return 'no ping (iputils) on this machine';
  const { status, stderr } = spawnSync(program, ['-n', '-v', '-D', '-c', '1', '127.0.0.1'], { encoding: 'utf8' });
  return status === 0 ? false : `ping may not send here: ${stderr.trim()}`;
}
