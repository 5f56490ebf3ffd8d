// What k6 has and this version has not: said at once, never ignored in silence.
import type { GlobalFlags } from './flags/runtime-flags.ts';

/** @returns a sentence for each flag or variable that has no effect */
export function listAbsentFeatures(flags: Pick<GlobalFlags, 'profilingEnabled'>): string[] {
  const ignored: [boolean, string][] = [[flags.profilingEnabled, 'profiles over the REST API (--profiling-enabled)']];
  return ignored
    .filter(([isAsked]) => isAsked)
    .map(([, what]) => `not in this version of sixfold, and left out: ${what}`);
}
