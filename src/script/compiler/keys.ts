import type { ClassNode, FunctionNode, Node, VariableDeclaration } from './syntax.ts';

/** What a node may lack, and holes of arrays, are left out. */
type Part = Node | null | undefined;

const NONE: readonly Node[] = [];
const none = (): readonly Node[] => NONE;
const present = (a: Part): readonly Node[] => (a ? [a] : NONE);
const firstAnd = (a: Part, b: Node): readonly Node[] => (a ? [a, b] : [b]);
const andLast = (a: Node, b: Part): readonly Node[] => (b ? [a, b] : [a]);
/** A list as one argument: data that was imported may have more elements than a call may have arguments. */
const dense = (parts: readonly Part[]): readonly Node[] => parts.filter((part) => Boolean(part)) as Node[];
const all = (...parts: readonly Part[]): readonly Node[] => dense(parts);

/**
 * The children of each type of node, in source order. A function each: reading fields by computed names is what compiling would mostly
 * consist of.
 */
const CHILDREN: { readonly [T in Node['type']]: (node: Extract<Node, { type: T }>) => readonly Node[] } = {
  ArrayExpression: (n) => dense(n.elements),
  ArrayPattern: (n) => dense(n.elements),
  ArrowFunctionExpression: (n) => [...n.params, n.body],
  AssignmentExpression: (n) => [n.left, n.right],
  AssignmentPattern: (n) => [n.left, n.right],
  AwaitExpression: (n) => [n.argument],
  BinaryExpression: (n) => [n.left, n.right],
  BlockStatement: (n) => n.body,
  BreakStatement: none,
  CallExpression: (n) => [n.callee, ...n.arguments],
  CatchClause: (n) => firstAnd(n.param, n.body),
  ChainExpression: (n) => [n.expression],
  ClassBody: (n) => n.body,
  ClassDeclaration: (n) => all(n.id, n.superClass, n.body),
  ClassExpression: (n) => all(n.id, n.superClass, n.body),
  ConditionalExpression: (n) => [n.test, n.consequent, n.alternate],
  ContinueStatement: none,
  DebuggerStatement: none,
  DoWhileStatement: (n) => [n.body, n.test],
  EmptyStatement: none,
  ExportAllDeclaration: (n) => firstAnd(n.exported, n.source),
  ExportDefaultDeclaration: (n) => [n.declaration],
  ExportNamedDeclaration: (n) => all(n.declaration, ...n.specifiers, n.source),
  ExportSpecifier: (n) => [n.local, n.exported],
  ExpressionStatement: (n) => [n.expression],
  ForInStatement: (n) => [n.left, n.right, n.body],
  ForOfStatement: (n) => [n.left, n.right, n.body],
  ForStatement: (n) => all(n.init, n.test, n.update, n.body),
  FunctionDeclaration: (n) => all(n.id, ...n.params, n.body),
  FunctionExpression: (n) => all(n.id, ...n.params, n.body),
  Identifier: none,
  IfStatement: (n) => (n.alternate ? [n.test, n.consequent, n.alternate] : [n.test, n.consequent]),
  ImportDeclaration: none,
  ImportAttribute: none,
  ImportDefaultSpecifier: none,
  ImportExpression: (n) => andLast(n.source, n.options),
  ImportNamespaceSpecifier: none,
  ImportSpecifier: none,
  LabeledStatement: (n) => [n.body],
  Literal: none,
  LogicalExpression: (n) => [n.left, n.right],
  MemberExpression: (n) => [n.object, n.property],
  MetaProperty: none,
  MethodDefinition: (n) => [n.key, n.value],
  NewExpression: (n) => [n.callee, ...n.arguments],
  ObjectExpression: (n) => n.properties,
  ObjectPattern: (n) => n.properties,
  ParenthesizedExpression: (n) => [n.expression],
  PrivateIdentifier: none,
  Program: (n) => n.body,
  // A shorthand property's key and value are the same text: only the value counts.
  Property: (n) => (n.shorthand ? [n.value] : [n.key, n.value]),
  PropertyDefinition: (n) => andLast(n.key, n.value),
  RestElement: (n) => [n.argument],
  ReturnStatement: (n) => present(n.argument),
  SequenceExpression: (n) => n.expressions,
  SpreadElement: (n) => [n.argument],
  StaticBlock: (n) => n.body,
  Super: none,
  SwitchCase: (n) => all(n.test, ...n.consequent),
  SwitchStatement: (n) => [n.discriminant, ...n.cases],
  TaggedTemplateExpression: (n) => [n.tag, n.quasi],
  TemplateElement: none,
  TemplateLiteral: (n) => [...n.quasis, ...n.expressions].sort((a, b) => a.start - b.start || a.end - b.end),
  ThisExpression: none,
  ThrowStatement: (n) => [n.argument],
  TryStatement: (n) => all(n.block, n.handler, n.finalizer),
  UnaryExpression: (n) => [n.argument],
  UpdateExpression: (n) => [n.argument],
  VariableDeclaration: (n) => n.declarations,
  VariableDeclarator: (n) => andLast(n.id, n.init),
  WhileStatement: (n) => [n.test, n.body],
  WithStatement: (n) => [n.object, n.body],
  YieldExpression: (n) => present(n.argument),
};

/** The child nodes in source order. */
export function childrenOf(node: Node): readonly Node[] {
  const children = CHILDREN[node.type] as ((node: Node) => readonly Node[]) | undefined;
  if (children === undefined) throw new Error(`unknown syntax node ${(node as { type: string }).type}`);
  return children(node);
}

/** `using` or `await using` (Explicit Resource Management). */
export function isResource(node: Node | null | undefined): node is VariableDeclaration {
  return node?.type === 'VariableDeclaration' && (node.kind === 'using' || node.kind === 'await using');
}

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}
