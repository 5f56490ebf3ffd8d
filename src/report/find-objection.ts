// What of a comparison a run may fail for (--fail-on).
import type { ComparisonRecord } from './comparison-record.ts';
import { judgementOf, listNames, subjectOf } from './comparison-words.ts';

export const OBJECTIONS = ['slower', 'failures'] as const;
export type Objection = (typeof OBJECTIONS)[number];

/** @returns a sentence, or null where nothing is worse in that way */
export function findObjection({ values, baseline }: ComparisonRecord, failOn: readonly Objection[]): string | null {
  const worse = values.filter((value) => judgementOf(value) === 'worse');
  for (const what of failOn) {
    const found = worse.filter(({ kind }) => (kind === 'time') === (what === 'slower'));
    if (found.length === 0) continue;
    const list = listNames([...new Set(found.map(subjectOf))]);
    const sentence = what === 'slower' ? 'it is slower than' : 'more fails than in';
    return `--fail-on ${what}: ${sentence} the earlier runs (${baseline}): ${list}`;
  }
  return null;
}
