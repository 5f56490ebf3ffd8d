/** The types of the syntax nodes (ESTree, as the parser makes them), told apart by `type`; offsets are UTF-16 code units of the source. */
export type {
  AnonymousClassDeclaration,
  AnonymousFunctionDeclaration,
  AnyNode as Node,
  ArrayExpression,
  ArrowFunctionExpression,
  AssignmentExpression,
  AssignmentPattern,
  AssignmentProperty,
  AwaitExpression,
  BinaryExpression,
  BlockStatement,
  CallExpression,
  ChainExpression,
  ClassDeclaration,
  ClassExpression,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  Expression,
  ExpressionStatement,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  ImportDeclaration,
  ImportExpression,
  ImportSpecifier,
  LabeledStatement,
  Literal,
  MemberExpression,
  MetaProperty,
  MethodDefinition,
  ModuleDeclaration,
  NewExpression,
  ObjectExpression,
  Pattern,
  PrivateIdentifier,
  Program,
  Property,
  PropertyDefinition,
  RestElement,
  ReturnStatement,
  SpreadElement,
  Statement,
  StaticBlock,
  Super,
  SwitchStatement,
  TaggedTemplateExpression,
  TemplateLiteral,
  ThisExpression,
  TryStatement,
  UnaryExpression,
  UpdateExpression,
  VariableDeclaration,
  VariableDeclarator,
  YieldExpression,
} from 'acorn';

import type {
  AnonymousClassDeclaration,
  AnonymousFunctionDeclaration,
  ArrowFunctionExpression,
  ClassDeclaration,
  ClassExpression,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  Property,
  SpreadElement,
} from 'acorn';

export type FunctionNode =
  | FunctionDeclaration
  | AnonymousFunctionDeclaration
  | FunctionExpression
  | ArrowFunctionExpression;
export type ClassNode = ClassDeclaration | AnonymousClassDeclaration | ClassExpression;
/** An element of an argument list or array literal. */
export type ListItem = Expression | SpreadElement;
export type ObjectMember = Property | SpreadElement;
