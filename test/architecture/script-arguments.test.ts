// Arguments of scripts lie in a list of the script's realm, whose iterator and methods a script may have replaced: host code that goes
// over it by a pattern, a spread, a loop or a method hands its own objects to the script.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { type AnyNode, parse } from 'acorn';
import { ROOT } from '../../scripts/root.ts';
import { listSources } from './import-graph.ts';

/** What takes functions that scripts call. */
const MAKERS = new Set(['hostFunction', 'blockingFunction', 'asyncFunction', 'steppedFunction', 'defineSteps']);
/** Those whose functions get the list itself, as their second argument. */
const LIST_TAKERS = new Set(['steppedFunction', 'defineSteps']);
/** Members of the classes of hosts. */
const MEMBERS = new Set(['construct', 'impl']);

type FunctionNode = Extract<AnyNode, { type: 'FunctionExpression' | 'ArrowFunctionExpression' }>;

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((value: unknown) =>
    [value].flat().filter((one): one is AnyNode => typeof (one as AnyNode | null)?.type === 'string'),
  );
}

function findAll(node: AnyNode, found: (node: AnyNode) => void): void {
  found(node);
  for (const child of childrenOf(node)) findAll(child, found);
}

function isFunction(node: AnyNode): node is FunctionNode {
  return node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

function nameOf(node: AnyNode): string {
  if (node.type === 'MemberExpression') return nameOf(node.property);
  return node.type === 'Identifier' ? node.name : '';
}

/** @returns lines on which a list of a script's is gone over */
function findIterated(source: string): number[] {
  const lines: number[] = [];
  const mark = (node: AnyNode): void => {
    lines.push(source.slice(0, node.start).split('\n').length);
  };
  const check = (made: FunctionNode, takesList: boolean): void => {
    for (const param of made.params) if (param.type === 'ArrayPattern') mark(param);
    const [, list] = made.params;
    if (!takesList || list?.type !== 'Identifier') return;
    const isList = (node: AnyNode | null | undefined): boolean =>
      node?.type === 'Identifier' && node.name === list.name;
    findAll(made.body, (node) => {
      if (
        (node.type === 'VariableDeclarator' && node.id.type === 'ArrayPattern' && isList(node.init)) ||
        (node.type === 'SpreadElement' && isList(node.argument)) ||
        (node.type === 'ForOfStatement' && isList(node.right)) ||
        (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && isList(node.callee.object))
      )
        mark(node);
    });
  };
  findAll(parse(source, { ecmaVersion: 'latest', sourceType: 'module' }), (node) => {
    if (node.type === 'CallExpression' && MAKERS.has(nameOf(node.callee))) {
      for (const given of node.arguments) if (isFunction(given)) check(given, LIST_TAKERS.has(nameOf(node.callee)));
    } else if (node.type === 'Property' && MEMBERS.has(nameOf(node.key)) && isFunction(node.value))
      check(node.value, nameOf(node.key) === 'construct');
  });
  return lines;
}

test('arguments of scripts are read by their places', () => {
  const sources = listSources('src').filter((file) => !file.endsWith('.test.ts'));
  assert.deepEqual(
    sources.flatMap((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      if (!/\b(?:construct|impl|defineSteps|\w+Function)\b/.test(text)) return [];
      return findIterated(stripTypeScriptTypes(text)).map((line) => `${file}:${line}`);
    }),
    [],
  );
});

test('what goes over them is found', () => {
  assert.deepEqual(
    findIterated(
      [
        "realm.steppedFunction('', 1, function* (_self, [given]) {});",
        "realm.steppedFunction('', 1, (_self, { 0: given }) => given);",
        "realm.asyncFunction('', 1, async ([given]) => given);",
        'realm.hostClass({ construct: (self, [given]) => {} });',
        'realm.hostClass({ construct(self, args) {',
        '  const [given] = args;',
        '  const { 0: first, length } = args;',
        '  make(...args);',
        '  for (const one of args) make(one);',
        '  args.map(make);',
        '  return args[0];',
        '} });',
        "defineSteps(realm, target, '', 1, (self, args) => args.slice(1));",
        'realm.hostClass({ methods: { act: { impl([given]) {} } } });',
      ].join('\n'),
    ),
    [1, 3, 4, 6, 8, 9, 10, 13, 14],
  );
});
