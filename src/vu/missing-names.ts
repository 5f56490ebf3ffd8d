// Names that a script imports from k6's modules and that are not there: undefined, as in k6, and said before any load.
import { nearestNames } from '../codes/nearest-names.ts';
import { refuseK6Specifier } from '../script/load/specifiers.ts';
import type { Program } from '../script/program.ts';
import { importOf } from '../script/runtime/missing-globals.ts';
import { traceOffset } from '../script/runtime/stack.ts';
import type { VuEnvironment } from './environment.ts';
import type { ModuleLoader } from './module-loader.ts';
import type { VirtualUser } from './virtual-user.ts';

/** How many names of a module are listed. */
const MOST_NAMES = 12;

/** Constants in capitals, of which there may be dozens, are no functions that somebody looks for. */
function listNames(names: readonly string[]): string {
  const likely = names.filter((name) => !/^[A-Z\d_]+$/.test(name)).sort();
  const listed = likely.length === 0 ? names.toSorted() : likely;
  return `it has ${listed.slice(0, MOST_NAMES).join(', ')}${listed.length > MOST_NAMES ? ' …' : ''}`;
}

/** Logs a warning for each, with its place and the name that was probably meant. */
export function warnOfMissingNames(
  program: Program,
  loader: ModuleLoader,
  vu: VirtualUser,
  environment: VuEnvironment,
) {
  const { logger, script } = environment;
  for (const { specifier, name, offset, ofDefault } of program.k6Names ?? []) {
    if (refuseK6Specifier(specifier, script.folder) !== null) continue; // of `require`, which says so when it is called
    const module = loader.import(specifier, vu);
    const holder = ofDefault ? module['default'] : module;
    if (((typeof holder !== 'object' || holder === null) && typeof holder !== 'function') || name in holder) continue;
    const names = Object.keys(holder);
    const [nearest] = nearestNames(name, names, 1);
    const hint = importOf(name) ?? (nearest === undefined ? listNames(names) : `did you mean ${nearest}?`);
    const place = traceOffset(program, offset);
    const at = place ? `${place.file}:${place.line}:${place.column}: ` : '';
    logger.log('warning', `${at}${specifier} has no export named ${name}, which is undefined here (${hint})`);
  }
}
