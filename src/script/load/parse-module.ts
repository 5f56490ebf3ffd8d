// Parses a user's file, and tells ES modules from CommonJS ones.
import { childrenOf, isFunction } from '../compiler/keys.ts';
import { parseModule as parse, ScriptSyntaxError } from '../compiler/parse.ts';
import { stringLiteral } from '../compiler/string-literal.ts';
import type { Node, Program } from '../compiler/syntax.ts';
import { lineOf, ScriptError } from './script-error.ts';

/**
 * Parses a user's file (always strict; top-level await allowed, and in CommonJS modules a return).
 * @param file as shown to the user
 * @throws ScriptError of kind 'syntax'
 */
export function parseModule(source: string, file: string): Program {
  try {
    return parseScript(source);
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
export function parseScript(source: string): Program {
  try {
    return parse(source);
  } catch (error) {
    if (!/'return' outside of function/.test((error as Error).message)) throw error;
    const program = parse(source, { allowReturn: true });
    if (describeModule(program).isEsm) throw error;
    return program;
  }
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
  const visit = (node: Node, inFunction: boolean): void => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration': {
        isEsm = true;
        const from = node.type === 'ExportDefaultDeclaration' ? null : stringLiteral(node.source);
        if (from !== null) imports.push(from);
        break;
      }
      case 'MetaProperty':
        if (node.meta.name === 'import') isEsm = importMeta = true;
        break;
      case 'AwaitExpression':
        if (!inFunction) isEsm = true;
        break;
      case 'ForOfStatement':
        if (node.await && !inFunction) isEsm = true;
        break;
      case 'Identifier':
        if (node.name === 'require') mentions++;
        break;
      case 'CallExpression': {
        const { callee } = node;
        // esbuild's name for it is __require.
        if (callee.type !== 'Identifier' || !/^(?:__)?require$/.test(callee.name)) break;
        const specifier = stringLiteral(node.arguments[0]);
        if (specifier === null) break;
        requires.push(specifier);
        if (callee.name === 'require') mentions--;
        break;
      }
    }
    const within = inFunction || isFunction(node) || node.type === 'StaticBlock' || node.type === 'PropertyDefinition';
    for (const child of childrenOf(node)) visit(child, within);
  };
  visit(program, false);
  return { isEsm, imports, requires, hasComputedRequires: mentions > 0, importMeta };
}
