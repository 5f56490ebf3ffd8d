// What a script may import by a `k6…` name, and what to say about the names that are not there.
import { editDistance } from '../../codes/nearest-names.ts';
import { conventionalName, ExtensionError, findExtension } from '../../extension/find-extension.ts';
import { ABSENT_EXTENSIONS, isK6Module, K6_MODULES, REMOVED_MODULES } from './k6-modules.ts';

/** Whether a specifier is one of k6's own names, present or not. */
export function isK6Specifier(specifier: string): boolean {
  return specifier === 'k6' || specifier.startsWith('k6/');
}

/**
 * Why a `k6…` name cannot be imported, or null if it can.
 * @param folder of the file that imports it: packages of its node_modules may give extensions
 */
export function refuseK6Specifier(specifier: string, folder: string): string | null {
  if (isK6Module(specifier)) return null;
  const replaced = REMOVED_MODULES[specifier];
  if (replaced) return `the module ${specifier} has been removed: ${replaced}`;
  if (specifier.startsWith('k6/x/')) {
    try {
      if (findExtension('modules', specifier, folder) !== null) return null;
    } catch (error) {
      if (error instanceof ExtensionError) return error.message;
      throw error;
    }
    const reason = ABSENT_EXTENSIONS[specifier];
    const why = reason === undefined ? '' : ` – it is not built in: ${reason}`;
    return `unknown module: ${specifier}${why}. No package in the node_modules folders above ${folder} gives it: if there is one for Sixfold, install it beside the script (npm install ${conventionalName('modules', specifier)}, or its own name). k6's own extensions are Go programs, which do not run here`;
  }
  const nearest = findNearest(specifier, K6_MODULES);
  const hint = nearest ? `did you mean ${nearest}?` : `there are ${K6_MODULES.join(', ')}`;
  return `unknown module: ${specifier} (${hint})`;
}

/** The candidate with the fewest edits, if these are few for its length. */
function findNearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.max(2, Math.floor(word.length / 4)) + 1;
  for (const candidate of candidates) {
    // `k6/grpc` for `k6/net/grpc`: the same last part says more than the number of edits.
    const sameEnd = candidate.split('/').at(-1) === word.split('/').at(-1) && word.includes('/');
    const edits = sameEnd ? 0 : editDistance(word, candidate, fewest - 1);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}
