/** Milliseconds, with fractions, as k6 defines them: `blocked` is all the time until there was a connection. */
export interface Timings {
  blocked: number;
  lookingUp: number;
  connecting: number;
  tlsHandshaking: number;
  sending: number;
  waiting: number;
  receiving: number;
}

/** @returns timings that nothing has been added to yet */
export function startTimings(): Timings {
  return { blocked: 0, lookingUp: 0, connecting: 0, tlsHandshaking: 0, sending: 0, waiting: 0, receiving: 0 };
}

/** What a request that was never sent took. */
export const NO_TIMINGS: Readonly<Timings> = startTimings();
