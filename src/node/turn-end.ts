// The end of a turn of the event loop, when all that it brought has been dealt with: first whoever has more to do goes on, and then what
// has come of that leaves. To do either for each thing that came would cost a round through Node, and wake the other side, each time.
import { inNextTurn } from './next-turn.ts';

let goingOn: (() => void)[] = [];
let leaving: (() => void)[] = [];
/** From when the first of them comes until all have had their turn. */
let isPlanned = false;

/** So many do not wait for the end of a turn: the first of them would stand still while the others are being dealt with. */
const MANY = 32;

/**
 * To be called for each that has more to do: `run` deals with all who wait, at the end of this turn, before anything leaves.
 * @param waiting how many there are by now, this one included; {@link MANY} go on in the next tick
 */
export function beforeTurnEnds(run: () => void, waiting = 1): void {
  if (waiting === MANY) process.nextTick(run);
  if (waiting !== 1) return;
  goingOn.push(run);
  plan();
}

/** Calls `run` at the end of this turn, when those of {@link beforeTurnEnds} are done and have left no microtask. */
export function whenTurnEnds(run: () => void): void {
  leaving.push(run);
  plan();
}

/** To be called when code was ended in the middle: what was planned may be lost with it. */
export function recoverTurnEnd(): void {
  isPlanned = false;
  if (goingOn.length > 0 || leaving.length > 0) plan();
}

function plan(): void {
  if (isPlanned) return;
  isPlanned = true;
  inNextTurn(endTurn);
}

function endTurn(): void {
  if (goingOn.length === 0) {
    letGo();
    return;
  }
  const runs = goingOn;
  goingOn = [];
  queueAll(runs);
  // What they have left may be more of the kind.
  process.nextTick(endTurn);
}

function letGo(): void {
  isPlanned = false;
  const runs = leaving;
  leaving = [];
  queueAll(runs);
}

/** Each is a microtask of its own: one that throws keeps no other from its turn. */
function queueAll(runs: readonly (() => void)[]): void {
  for (const run of runs) queueMicrotask(run);
}
