import { emitListItem } from './arguments.ts';
import { emitAssignment, emitUpdate } from './assignments.ts';
import { emitAwait, emitYield } from './awaiting.ts';
import { emitSwitch, emitTry } from './branches.ts';
import { emitCall, emitImport, emitNew } from './calls.ts';
import { emitChain } from './chains.ts';
import { emitClass, emitClassExpression } from './classes.ts';
import { emitDeclaration } from './disposal.ts';
import type { ExpressionHandlers, PartHandlers } from './emitter.ts';
import { emitFunctionDeclaration, emitFunctionExpression } from './functions.ts';
import { emitIdentifier, emitMetaProperty, emitThis } from './identifiers.ts';
import { emitFor, emitForIn, emitForOf, emitLabeled } from './loops.ts';
import { emitMember } from './members.ts';
import { emitArray, emitObject } from './objects.ts';
import { emitBinary, emitUnary } from './operators.ts';
import { emitDefault } from './patterns.ts';
import { emitBlock, emitDeclarator, emitExpressionStatement, emitFunctionBody, emitReturn } from './statements.ts';
import { emitTagged, emitTemplate } from './templates.ts';

export const EXPRESSION_HANDLERS: ExpressionHandlers = {
  ArrayExpression: emitArray,
  ArrowFunctionExpression: emitFunctionExpression,
  AssignmentExpression: emitAssignment,
  AwaitExpression: emitAwait,
  BinaryExpression: emitBinary,
  CallExpression: emitCall,
  ChainExpression: emitChain,
  ClassExpression: emitClassExpression,
  FunctionExpression: emitFunctionExpression,
  Identifier: emitIdentifier,
  ImportExpression: emitImport,
  MemberExpression: emitMember,
  MetaProperty: emitMetaProperty,
  NewExpression: emitNew,
  ObjectExpression: emitObject,
  TaggedTemplateExpression: emitTagged,
  TemplateLiteral: emitTemplate,
  ThisExpression: emitThis,
  UnaryExpression: emitUnary,
  UpdateExpression: emitUpdate,
  YieldExpression: emitYield,
};

export const PART_HANDLERS: PartHandlers = {
  AssignmentPattern: emitDefault,
  BlockStatement: emitBlock,
  ClassDeclaration: (e, node) => emitClass(e, node, null),
  ExpressionStatement: emitExpressionStatement,
  ForInStatement: emitForIn,
  ForOfStatement: emitForOf,
  ForStatement: emitFor,
  FunctionBody: emitFunctionBody,
  FunctionDeclaration: emitFunctionDeclaration,
  LabeledStatement: emitLabeled,
  ReturnStatement: emitReturn,
  SpreadElement: emitListItem,
  SwitchStatement: emitSwitch,
  TryStatement: emitTry,
  VariableDeclaration: emitDeclaration,
  VariableDeclarator: emitDeclarator,
};
