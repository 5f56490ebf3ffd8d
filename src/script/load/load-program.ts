// The whole way from a script to what the workers run.
import { compileModule } from '../compiler/compile.ts';
import type { Node } from '../compiler/parse.ts';
import type { Program } from '../program.ts';
import { type LoadOptions, loadScript, type ScriptEntry } from './load-script.ts';
import { describeModule } from './parse-module.ts';
import { isK6Specifier } from './specifiers.ts';

let loaded = 0;

/**
 * Loads and compiles a script, on the main thread.
 * @returns plain data, to be sent to the load workers
 * @throws ScriptError
 */
export async function loadProgram(entry: ScriptEntry, options: LoadOptions = {}): Promise<Program> {
  const script = await loadScript(entry, options);
  const compiled = compileModule({ code: script.code, ast: script.ast as unknown as Node });
  const { requires } = describeModule(script.ast);
  return {
    ...compiled,
    hostImports: [...new Set([...compiled.hostImports, ...requires])].filter(isK6Specifier),
    name: `sixfold:script/${loaded++}`,
    isCommonJs: script.isCommonJs,
    origin: script.origin,
    lineStarts: findLineStarts(script.code),
    shared: script.shared,
    packages: script.packages,
  };
}

/** Offsets at which the lines of a text begin. */
function findLineStarts(text: string): Int32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Int32Array.from(starts);
}
