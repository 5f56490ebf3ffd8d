// What a script may import by a `k6…` name, and what to say about the names that are not there.
import { editDistance } from '../../codes/nearest-names.ts';

/** The modules that scripts can import here. */
export const K6_MODULES = [
  'k6',
  'k6/crypto',
  'k6/crypto/x509',
  'k6/data',
  'k6/encoding',
  'k6/execution',
  'k6/html',
  'k6/http',
  'k6/metrics',
  'k6/net/grpc',
  'k6/timers',
  'k6/websockets',
  'k6/ws',
] as const;

/** Those that k6 2.2 has beside them (https://grafana.com/docs/k6/latest/javascript-api/). */
const ABSENT: ReadonlySet<string> = new Set([
  'k6/browser',
  'k6/experimental/csv',
  'k6/experimental/fs',
  'k6/experimental/streams',
  'k6/experimental/websockets',
  'k6/secrets',
]);

const KNOWN = new Set<string>(K6_MODULES);

const REMOVED: Readonly<Record<string, string>> = {
  'k6/experimental/browser': "import from 'k6/browser' instead",
  'k6/experimental/grpc': "import from 'k6/net/grpc' instead",
  'k6/experimental/redis': "k6 moved it to the extension 'k6/x/redis'",
  'k6/experimental/timers': "import from 'k6/timers' instead",
  'k6/experimental/tracing':
    "use the library https://jslib.k6.io/http-instrumentation-tempo/ (Tempo's HTTP instrumentation) instead",
  'k6/experimental/webcrypto': 'use the global crypto instead',
  'k6/webcrypto': 'use the global crypto instead',
};

/** Whether a specifier is one of k6's own names, present or not. */
export function isK6Specifier(specifier: string): boolean {
  return specifier === 'k6' || specifier.startsWith('k6/');
}

/** Why a `k6…` name cannot be imported, or null if it can. */
export function refuseK6Specifier(specifier: string): string | null {
  if (KNOWN.has(specifier)) return null;
  if (ABSENT.has(specifier)) {
    return `the module ${specifier} is not in this version of sixfold (there are ${K6_MODULES.join(', ')})`;
  }
  const replaced = REMOVED[specifier];
  if (replaced) return `the module ${specifier} has been removed: ${replaced}`;
  if (specifier.startsWith('k6/x/')) {
    return `unknown module: ${specifier} (k6's extensions are Go programs; they do not run here)`;
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
    const edits = sameEnd ? 0 : editDistance(word, candidate);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}
