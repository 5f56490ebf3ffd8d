// Parses a user's file, and tells ES modules from CommonJS ones.
import type { Program } from 'acorn';
import { type Node, parseModule as parse, ScriptSyntaxError } from '../compiler/parse.ts';
import { lineOf, ScriptError } from './script-error.ts';

/**
 * Parses a user's file (always strict; top-level await allowed, and in CommonJS modules a return).
 * @param file as shown to the user
 * @throws ScriptError of kind 'syntax'
 */
export function parseModule(source: string, file: string): Program {
  try {
    return parseScript(source) as unknown as Program;
  } catch (error) {
    if (!(error instanceof ScriptSyntaxError)) throw error;
    const { message, line, column } = error;
    throw new ScriptError('syntax', `SyntaxError: ${message}`, { file, line, column, text: lineOf(source, line) });
  }
}

/**
 * Parses a user's file of either kind: a CommonJS module is the body of a function, so it may return.
 * @throws ScriptSyntaxError
 */
export function parseScript(source: string): Node {
  try {
    return parse(source);
  } catch (error) {
    if (!/'return' outside of function/.test((error as Error).message)) throw error;
    const program = parse(source, { allowReturn: true });
    if (describeModule(program as unknown as Program).isEsm) throw error;
    return program;
  }
}

interface AnyNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** What a module asks for, as far as its syntax tells. */
export interface ModuleShape {
  /** Has import, export, import.meta or a top-level await; without any of them a file is a CommonJS module, as in k6. */
  readonly isEsm: boolean;
  /** Specifiers of import and export … from declarations. */
  readonly imports: readonly string[];
  /** Specifiers of `require('…')` calls with a literal. */
  readonly requires: readonly string[];
  /** `require` is used otherwise than in such a call. */
  readonly hasComputedRequires: boolean;
  /** Uses `import.meta`. */
  readonly importMeta: boolean;
}

/** Reads off a tree what the module imports and which kind it is. */
export function describeModule(program: Program): ModuleShape {
  const imports: string[] = [];
  const requires: string[] = [];
  let isEsm = false;
  let mentions = 0;
  let importMeta = false;
  const visit = (node: AnyNode, inFunction: boolean): void => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration': {
        isEsm = true;
        const from = node['source'] as { value: string } | null | undefined;
        if (from) imports.push(from.value);
        break;
      }
      case 'MetaProperty':
        if ((node['meta'] as { name: string }).name === 'import') isEsm = importMeta = true;
        break;
      case 'AwaitExpression':
        if (!inFunction) isEsm = true;
        break;
      case 'ForOfStatement':
        if (node['await'] && !inFunction) isEsm = true;
        break;
      case 'Identifier':
        if (node['name'] === 'require') mentions++;
        break;
      case 'CallExpression': {
        const callee = node['callee'] as AnyNode;
        const [argument] = node['arguments'] as AnyNode[];
        // esbuild's name for it is __require.
        const isRequire = callee.type === 'Identifier' && /^(?:__)?require$/.test(callee['name'] as string);
        if (isRequire && typeof argument?.['value'] === 'string') {
          requires.push(argument['value']);
          if (callee['name'] === 'require') mentions--;
        }
        break;
      }
    }
    const within =
      inFunction ||
      node.type === 'FunctionDeclaration' ||
      node.type === 'FunctionExpression' ||
      node.type === 'ArrowFunctionExpression' ||
      node.type === 'StaticBlock' ||
      node.type === 'PropertyDefinition';
    for (const key in node) {
      const child = node[key];
      if (child === null || typeof child !== 'object') continue;
      if (Array.isArray(child)) {
        for (const item of child) if (item && typeof item.type === 'string') visit(item, within);
      } else if (typeof (child as AnyNode).type === 'string') visit(child as AnyNode, within);
    }
  };
  visit(program as unknown as AnyNode, false);
  return { isEsm, imports, requires, hasComputedRequires: mentions > 0, importMeta };
}
