// Finds what somebody meant to write.
import { editDistance } from '../codes/nearest-names.ts';

/** Whether two keys of options are the same: their case does not matter, as k6 reads JSON. */
export function isSameKey(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** @returns the name that is nearest to `written`, upper and lower case aside; null when none is near */
function findClosestName(written: string, names: Iterable<string>): string | null {
  const wanted = written.toLowerCase();
  let closest: string | null = null;
  let fewest = Math.floor(written.length / 3) + 1;
  for (const name of names) {
    const edits = editDistance(wanted, name.toLowerCase(), fewest - 1);
    if (edits < fewest) {
      closest = name;
      fewest = edits;
    }
  }
  return closest;
}

/** @returns ` (did you mean "x"?)`, or nothing when no name is near */
export function suggestName(written: string, names: Iterable<string>): string {
  const closest = findClosestName(written, names);
  return closest === null ? '' : ` (did you mean "${closest}"?)`;
}
