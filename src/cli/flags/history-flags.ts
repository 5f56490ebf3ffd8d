// What a run is compared with, what comes of it, and whether it is kept.
import { type Baseline, parseBaseline } from '../../control/history/find-baseline.ts';
import { findHistory, type HistoryPlace } from '../../control/history/history-place.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import type { Environment } from '../../options/environment.ts';
import { splitList } from '../../options/value-forms.ts';
import { OBJECTIONS, type Objection } from '../../report/find-objection.ts';
import type { FlagReader } from './flag-reader.ts';

export interface HistoryFlags {
  readonly place: HistoryPlace;
  readonly baseline: Baseline;
  readonly failOn: readonly Objection[];
}

/** @throws ExitError 255, 104 */
export function readHistoryFlags(flags: FlagReader, env: Environment): HistoryFlags {
  const baseline = flags.text('baseline');
  return {
    place: flags.isOn('noHistory') ? { kind: 'off' } : findHistory(env),
    baseline: baseline === null ? { kind: 'default' } : parseBaseline(baseline),
    failOn: parseFailOn(flags.text('failOn') ?? ''),
  };
}

/** @throws ExitError 255 */
export function parseFailOn(text: string): Objection[] {
  if (text === '') return [];
  return splitList(text).map((name) => {
    const known = OBJECTIONS.find((one) => one === name);
    if (known !== undefined) return known;
    throw new ExitError(EXIT.other, `--fail-on "${name}": it is ${OBJECTIONS.join(' or ')}`);
  });
}
