// The whole way from a script to what the workers run.
import { findExtension } from '../../extension/find-extension.ts';
import { compileModule } from '../compiler/compile.ts';
import { analyseScopes } from '../compiler/scope.ts';
import type { Program } from '../program.ts';
import { withSourceMap } from './debug-map.ts';
import { listImportedNames, listMemberNames } from './imported-names.ts';
import { isK6Module, K6_MODULES, PEER_MODULES } from './k6-modules.ts';
import { findLineStarts } from './line-starts.ts';
import { type LoadedScript, type LoadOptions, loadScript, locate, type ScriptEntry, UNKEPT } from './load-script.ts';
import { describeModule, parseModule } from './parse-module.ts';
import { type ProgramKey, WORTH_KEEPING } from './program-cache.ts';
import type { ProgramInputs } from './program-premises.ts';
import { RemoteModules } from './remote/remote-modules.ts';
import { isK6Specifier, refuseK6Specifier } from './specifiers.ts';

let loaded = 0;

function nextName(): string {
  return `sixfold:script/${loaded++}`;
}

/**
 * Loads and compiles a script, on the main thread.
 * @returns plain data, to be sent to the load workers
 * @throws ScriptError
 */
export async function loadProgram(entry: ScriptEntry, options: LoadOptions = {}): Promise<Program> {
  const { programs } = options;
  const key = programs === undefined ? null : programKey(entry.path && locate(entry.path, entry.cwd), options);
  if (programs === undefined || key === null) return (await compileScript(entry, options)).program;
  const remote = options.remote ?? new RemoteModules(UNKEPT);
  const kept = await programs.find(key, remote, nextName());
  if (kept !== null) {
    remote.save();
    return kept;
  }
  const begunMs = Date.now();
  const { program, inputs } = await compileScript(entry, { ...options, remote });
  const isWorthIt = program.code.length >= WORTH_KEEPING || (inputs !== null && inputs.modules.length > 1);
  // What an extension or a file that running the script asks for comes to is found out anew each time.
  const isSettled = program.requiresAtRunTime !== true && (program.extensions ?? []).length === 0;
  return inputs !== null && isWorthIt && isSettled ? programs.keep(key, program, inputs, remote, begunMs) : program;
}

async function compileScript(
  entry: ScriptEntry,
  options: LoadOptions,
): Promise<{ program: Program; inputs: ProgramInputs | null }> {
  const joined = await loadScript(entry, options);
  const script = options.debugger?.breaksAtStart ? breakAtStart(joined) : joined;
  const ast = script.ast;
  const scopes = analyseScopes(ast);
  const compiled = compileModule({ code: script.code, ast, scopes });
  const { requires } = describeModule(script.ast);
  const named = [...new Set([...compiled.hostImports, ...requires])].filter(
    (name) => isK6Specifier(name) && refuseK6Specifier(name, script.folder) === null,
  );
  const extensions = named.flatMap((name) =>
    isK6Module(name) ? [] : (findExtension('modules', name, script.folder) ?? []),
  );
  const program: Program = {
    ...compiled,
    hostImports: script.hasComputedRequires
      ? K6_MODULES.filter((name) => !PEER_MODULES.has(name) || named.includes(name))
      : named.filter(isK6Module),
    extensions,
    name: nextName(),
    isCommonJs: script.isCommonJs,
    origin: script.origin,
    lineStarts: findLineStarts(script.code),
    shared: script.shared,
    requiresAtRunTime:
      script.hasComputedRequires || requires.some((name) => !isK6Specifier(name) && !name.startsWith('sixfold:')),
    k6Names: [...listImportedNames(script.ast, isK6Specifier), ...listMemberNames(script.ast, scopes, isK6Specifier)],
    hidesGlobal: options.compatibilityMode === 'base',
    packages: script.packages,
    modules: script.modules,
  };
  return {
    program: options.debugger === undefined ? program : { ...program, code: withSourceMap(program) },
    inputs: script.inputs,
  };
}

/** A debugger that is attached stops in the first virtual user's init code, before anything else of the script. */
function breakAtStart(script: LoadedScript): LoadedScript {
  const code = `if (__VU === 0) debugger;\n${script.code}`;
  const { origin } = script;
  const lineCount = origin.lineCount ?? script.code.split('\n').length;
  return {
    ...script,
    code,
    ast: parseModule(code, script.file ?? '-'),
    origin: { ...origin, lineOffset: origin.lineOffset + 1, lineCount },
  };
}

/** @returns what a script's program is kept under; null for one that is compiled each time */
function programKey(file: string | null, options: LoadOptions): ProgramKey | null {
  if (file === null || options.debugger !== undefined) return null;
  return {
    file,
    instrument: [...(options.instrument ?? [])].sort(),
    perVu: [...(options.perVu ?? [])].sort(),
    compatibilityMode: options.compatibilityMode ?? 'extended',
  };
}
