// What k6 has and this version has not: said at once, never ignored in silence.
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { Options } from '../options/options.ts';
import type { GlobalFlags, RunFlags, RuntimeFlags } from './runtime-flags.ts';

/**
 * @returns a warning for each flag or variable that has no effect
 * @throws ExitError 255 for those without which the test would be another one
 */
export function checkAbsentFeatures(
  options: Pick<Options, 'paused'>,
  flags: GlobalFlags & RunFlags & Pick<RuntimeFlags, 'tracesOutput'>,
): string[] {
  if (options.paused) {
    throw absent('starting paused (`paused`, --paused)', 'there is no REST API yet that could resume the test');
  }
  const ignored: [boolean, string][] = [
    [flags.address !== null, 'the REST API (--address, K6_ADDRESS)'],
    [flags.profilingEnabled, 'profiles over the REST API (--profiling-enabled)'],
    [flags.linger, 'staying after the test (--linger)'],
    [flags.tracesOutput !== 'none', 'traces (--traces-output)'],
  ];
  return ignored
    .filter(([isAsked]) => isAsked)
    .map(([, what]) => `not in this version of sixfold, and left out: ${what}`);
}

function absent(what: string, advice: string): ExitError {
  return new ExitError(EXIT.other, `not in this version of sixfold: ${what}; ${advice}`);
}
