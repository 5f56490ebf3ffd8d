import type { CompiledModule } from '../program.ts';
import { findDeadZones } from './dead-zones.ts';
import { Emitter } from './emit/emitter.ts';
import { EXPRESSION_HANDLERS, PART_HANDLERS } from './emit/handlers.ts';
import { emitModule } from './emit/module.ts';
import { type Mode, markBlocking } from './marking.ts';
import { pickPrefix } from './names.ts';
import { parseModule } from './parse.ts';
import { flatten } from './rope.ts';
import { analyseScopes, type Scopes } from './scope.ts';
import type { Program } from './syntax.ts';

export interface CompileOptions {
  /** An ES module whose only imports are the host's. */
  readonly code: string;
  readonly mode?: Mode;
  /** The tree of `code`, if it has been parsed already. */
  readonly ast?: Program;
  /** What its names stand for, if that is known already. */
  readonly scopes?: Scopes;
}

/**
 * Compiles a module so that its blocking calls suspend their virtual user only.
 * @throws ScriptSyntaxError with the position in `code`.
 */
export function compileModule({ code, mode = 'precise', ast, scopes: known }: CompileOptions): CompiledModule {
  const program = ast ?? parseModule(code);
  const scopes = known ?? analyseScopes(program);
  const marks = markBlocking(program, scopes, mode);
  const zones = findDeadZones(program, scopes.references);
  const e = new Emitter(code, pickPrefix(code), scopes, marks, EXPRESSION_HANDLERS, PART_HANDLERS, null, zones);
  const { rope, hostImports, exportNames } = emitModule(e, program);
  return { ...flatten(rope, code), hostImports, exportNames };
}
