// What belongs to one module of the script, and would be lost when it is joined with others.
import type { Loader } from 'esbuild';
import type { Program } from '../compiler/syntax.ts';
import { divertConstantAssignments } from './constant-assignments.ts';
import { bindImportMeta } from './import-meta.ts';
import { applyEdits } from './module-edits.ts';
import { parseScript } from './parse-module.ts';
import { bindRequire, replacesRequire } from './run-time-require.ts';

/** What the modules of a script need, as far as joining them has told; the sets take in what adapting them finds. */
export interface Adaptation {
  /** Files and addresses that computed `require`s are to find. */
  readonly bundled: readonly string[];
  /** Calls of `require` with a literal ask the global function too. */
  readonly isRequireReplaced: boolean;
  /** Something assigns to a constant. */
  readonly hasConstantAssignments: boolean;
  /** Addresses of modules that use `require` with names that are computed. */
  readonly computed: Set<string>;
  /** Addresses of modules that may replace `global.require`. */
  readonly replacing: Set<string>;
  /** Names that are to be constants around the joined text. */
  readonly constants: Set<string>;
}

export type StripTypes = (source: string, loader: Loader, url: string) => Promise<string>;

/**
 * Binds `import.meta`, `require` as a function, and assignments to constants.
 * @param url of the module
 * @param stripTypes gives JavaScript with a source map in it
 * @returns JavaScript; null where the text can stay as it is
 */
export async function adaptModule(
  contents: string,
  url: string,
  loader: Loader,
  state: Adaptation,
  stripTypes: StripTypes,
): Promise<string | null> {
  const asksRequire = /\brequire\b/.test(contents);
  if (!asksRequire && !state.hasConstantAssignments && !/\bimport\b[^'"(]*?\bmeta\b/.test(contents)) return null;
  let source: string;
  let program: Program;
  try {
    source = loader === 'js' ? contents : await stripTypes(contents, loader, url);
    program = parseScript(source);
  } catch {
    return null; // the bundler says what is wrong with it
  }
  const scope = { bundled: state.bundled, isReplaced: state.isRequireReplaced };
  const require = asksRequire ? bindRequire(source, program, url, scope) : null;
  if (require !== null) state.computed.add(url);
  if (asksRequire && replacesRequire(program)) state.replacing.add(url);
  const edits = [
    bindImportMeta(source, program, url),
    state.hasConstantAssignments ? divertConstantAssignments(source, program, state.constants) : null,
    require,
  ].filter((part) => part !== null);
  return edits.length === 0 ? null : applyEdits(source, edits);
}
