// What has to be added to this machine's clock to get the coordinator's: of several questions the one that was answered fastest says it best.

/** Questions of one measurement. */
const QUESTIONS = 10;

export interface ClockReading {
  /** Ms. */
  readonly shiftMs: number;
  readonly roundTripMs: number;
}

/**
 * @param ask the coordinator's time, in ms since the epoch
 * @param now this machine's
 * @throws what `ask` throws, where none is answered
 */
export async function readClockShift(ask: () => Promise<number>, now: () => number): Promise<ClockReading> {
  let best: ClockReading | null = null;
  let failure: unknown = null;
  for (let question = 0; question < QUESTIONS; question++) {
    try {
      const before = now();
      const theirs = await ask();
      const after = now();
      const roundTripMs = after - before;
      if (best === null || roundTripMs < best.roundTripMs)
        best = { shiftMs: theirs - (before + after) / 2, roundTripMs };
    } catch (error) {
      failure = error;
    }
  }
  if (best === null) throw failure;
  return best;
}
