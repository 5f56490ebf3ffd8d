// How far a run was when somebody else had led it, by its decisions.
import type { LoadHosts } from '../../execution/load-host.ts';
import type { Decision } from '../messages.ts';

export type RunTimes = Required<Pick<LoadHosts, 'begunAtMs' | 'startedAtMs' | 'pauses'>>;

/** @param shiftMs what is to be added to the time of the run to get the wanted one */
export function readTimes(decisions: readonly Decision[], shiftMs: number): RunTimes {
  let begunAtMs: number | null = null;
  let startedAtMs: number | null = null;
  let stoodMs = 0;
  let sinceMs: number | null = null;
  for (const decision of decisions) {
    if (decision.type === 'begun') begunAtMs = decision.atMs + shiftMs;
    else if (decision.type === 'tell' && decision.message.type === 'start')
      startedAtMs = decision.message.atMs + shiftMs;
    else if (decision.type === 'pause') sinceMs ??= decision.atMs + shiftMs;
    else if (decision.type === 'resume' && sinceMs !== null) {
      stoodMs += decision.atMs + shiftMs - sinceMs;
      sinceMs = null;
    }
  }
  return { begunAtMs, startedAtMs, pauses: { stoodMs, sinceMs } };
}
