// What of a comparison a run may fail for (--fail-on).
import type { ComparisonRecord } from './comparison-record.ts';
import { judgementOf, subjectOf } from './comparison-words.ts';

export const OBJECTIONS = ['slower', 'failures'] as const;
export type Objection = (typeof OBJECTIONS)[number];

const SHOWN_SUBJECTS = 3;

/** @returns a sentence, or null where nothing is worse in that way */
export function findObjection({ values, baseline }: ComparisonRecord, failOn: readonly Objection[]): string | null {
  const worse = values.filter((value) => judgementOf(value) === 'worse');
  for (const what of failOn) {
    const found = worse.filter(({ kind }) => (kind === 'time') === (what === 'slower'));
    if (found.length === 0) continue;
    const subjects = [...new Set(found.map(subjectOf))];
    const rest = subjects.length - SHOWN_SUBJECTS;
    const list = subjects.slice(0, SHOWN_SUBJECTS).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
    const sentence = what === 'slower' ? 'it is slower than' : 'more fails than in';
    return `--fail-on ${what}: ${sentence} the earlier runs (${baseline}): ${list}`;
  }
  return null;
}
