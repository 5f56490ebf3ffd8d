import type { CompiledModule } from '../program.ts';
import { emitCall, emitChain, emitListItem, emitNew, emitTagged } from './emit/calls.ts';
import { emitClassDeclaration, emitClassExpression } from './emit/classes.ts';
import { Emitter, type Handler } from './emit/emitter.ts';
import { emitFunctionDeclaration, emitFunctionExpression } from './emit/functions.ts';
import {
  emitAssignment,
  emitBinary,
  emitIdentifier,
  emitMember,
  emitTemplate,
  emitUnary,
  emitUpdate,
} from './emit/members.ts';
import { emitModule } from './emit/module.ts';
import { emitArray, emitObject } from './emit/objects.ts';
import {
  emitAwait,
  emitBlock,
  emitDeclarator,
  emitExpressionStatement,
  emitForIn,
  emitForOf,
  emitLabeled,
  emitReturn,
  emitSimpleStatement,
  emitSwitch,
  emitTry,
  emitYield,
} from './emit/statements.ts';
import { type Mode, markBlocking } from './marking.ts';
import { pickPrefix } from './names.ts';
import { type Node, parseModule } from './parse.ts';
import { flatten } from './rope.ts';
import { analyseScopes } from './scope.ts';

const HANDLERS: Readonly<Record<string, Handler>> = {
  ArrayExpression: emitArray,
  ArrowFunctionExpression: emitFunctionExpression,
  AssignmentExpression: emitAssignment,
  AwaitExpression: emitAwait,
  BinaryExpression: emitBinary,
  BlockStatement: emitBlock,
  BreakStatement: emitSimpleStatement,
  CallExpression: emitCall,
  ChainExpression: (e, node) => emitChain(e, node),
  ClassDeclaration: emitClassDeclaration,
  ClassExpression: emitClassExpression,
  ContinueStatement: emitSimpleStatement,
  DebuggerStatement: emitSimpleStatement,
  DoWhileStatement: emitSimpleStatement,
  ExpressionStatement: emitExpressionStatement,
  ForInStatement: emitForIn,
  ForOfStatement: emitForOf,
  FunctionDeclaration: emitFunctionDeclaration,
  FunctionExpression: emitFunctionExpression,
  Identifier: emitIdentifier,
  ImportExpression: (e, node) => [`${e.prefix}.imp(`, e.operand(node['source'] as never), ')'],
  LabeledStatement: emitLabeled,
  MemberExpression: emitMember,
  MetaProperty: (e, node) =>
    e.text(node).startsWith('import')
      ? `${e.prefix}.meta(${e.prefix}g)`
      : e.context.hasNewTarget
        ? `${e.prefix}t`
        : { start: node.start, end: node.end },
  NewExpression: emitNew,
  ObjectExpression: emitObject,
  ReturnStatement: emitReturn,
  SpreadElement: emitListItem,
  SwitchStatement: emitSwitch,
  TaggedTemplateExpression: emitTagged,
  TemplateLiteral: emitTemplate,
  ThrowStatement: emitSimpleStatement,
  TryStatement: emitTry,
  UnaryExpression: emitUnary,
  UpdateExpression: emitUpdate,
  VariableDeclarator: emitDeclarator,
  YieldExpression: emitYield,
};

export interface CompileOptions {
  /** An ES module whose only imports are the host's. */
  readonly code: string;
  readonly mode?: Mode;
  /** The tree of `code`, if it has been parsed already. */
  readonly ast?: Node;
}

/**
 * Compiles a module so that its blocking calls suspend their virtual user only.
 * @throws ScriptSyntaxError with the position in `code`.
 */
export function compileModule({ code, mode = 'precise', ast }: CompileOptions): CompiledModule {
  const program = ast ?? parseModule(code);
  const scopes = analyseScopes(program);
  const marks = markBlocking(program, scopes, mode);
  const e = new Emitter(code, pickPrefix(code), scopes, marks, HANDLERS);
  const { rope, hostImports, exportNames } = emitModule(e, program);
  return { ...flatten(rope, code), hostImports, exportNames };
}
