// Programs of the system that the main thread runs for load workers, which may start none themselves.
import type { Browsers } from './browsers.ts';
import type { Pinger } from './pinger.ts';

export interface Programs {
  readonly browsers: Browsers;
  readonly pinger: Pinger;
}

/** @param what 'browsers' @returns why there are none where load is made by what starts no programs */
export function refuseProgram(what: string): string {
  return `${what} not started here: run the test with "sixfold run", without agents or a service`;
}

function refuse(what: string): Promise<never> {
  const refused = Promise.reject(new Error(refuseProgram(what)));
  // Whoever asked hears of it.
  refused.catch(() => {});
  return refused;
}

/** Where load is made by what starts none. */
export const NO_PROGRAMS: Programs = {
  browsers: { start: () => refuse('browsers are'), save: () => refuse('browsers are') },
  pinger: { send: () => ({ outcome: refuse('ping is'), cancel() {} }) },
};
