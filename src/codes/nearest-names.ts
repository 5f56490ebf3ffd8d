/** Nobody means to write a name that is longer. */
const LONGEST = 100;

/**
 * The candidates nearest to a word, by edit distance (insert, delete, replace, swap two neighbours), best first.
 * Case, underscores, spaces and dashes do not count.
 * @param limit how many at most
 * @returns nothing where even the nearest is no plausible slip of the pen
 */
export function nearestNames(word: string, candidates: readonly string[], limit = 5): string[] {
  const wanted = plain(word);
  if (wanted === '') return [];
  return candidates
    .map((name) => ({ name, distance: distanceTo(wanted, plain(name)) }))
    .filter(({ distance }) => distance < Infinity)
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
    .slice(0, limit)
    .map(({ name }) => name);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** A name that contains the word, or begins with it, is near, however long the rest. */
function distanceTo(wanted: string, name: string): number {
  const distance = editDistance(wanted, name, Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 2.5)));
  if (wanted.length >= 4 && name.includes(wanted)) return Math.min(distance, name.startsWith(wanted) ? 0.5 : 1);
  return distance;
}

/**
 * Damerau–Levenshtein, optimal string alignment. What it takes is bounded, whatever somebody has written.
 * @param most that is of interest
 * @returns Infinity for more than that, and for what is too long to be a name
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  if (a.length > LONGEST || b.length > LONGEST) return a === b ? 0 : Infinity;
  const distance = measure(a, b);
  return distance <= most ? distance : Infinity;
}

function measure(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
