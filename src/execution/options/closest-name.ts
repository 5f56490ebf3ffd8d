// Finds what somebody meant to write.

/** Edits (insert, delete, replace, swap of neighbours) that lead from one text to the other. */
function countEdits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/** @returns the name that is nearest to `written`, upper and lower case aside; null when none is near */
export function findClosestName(written: string, names: Iterable<string>): string | null {
  const wanted = written.toLowerCase();
  let closest: string | null = null;
  let fewest = Math.floor(written.length / 3) + 1;
  for (const name of names) {
    const edits = countEdits(wanted, name.toLowerCase());
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
