import { parse } from 'acorn';
import { childrenOf } from './keys.ts';
import type { MethodDefinition, Node } from './syntax.ts';

/** Start of a function, class or member → the end of its text. */
export type FunctionRanges = ReadonlyMap<number, Range>;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where the functions, methods and classes of a file stand; an exported one is found by its `export`, too, and a static one by its `static`. */
export function findFunctions(source: string): FunctionRanges {
  const ranges = new Map<number, Range>();
  const visit = (node: Node): void => {
    switch (node.type) {
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration': {
        const declared = node.declaration;
        if (declared && /^(?:Function|Class)/.test(declared.type)) ranges.set(node.start, declared);
        break;
      }
      case 'ArrowFunctionExpression':
      case 'ClassDeclaration':
      case 'ClassExpression':
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        // A method's function begins behind its name.
        if (!ranges.has(node.start)) ranges.set(node.start, node);
        break;
      case 'MethodDefinition': {
        const start = startWithoutModifier(node, source);
        // A static one with a plain name is found by that.
        for (const at of [node.start, start]) ranges.set(at, { start, end: node.end });
        break;
      }
      case 'Property':
        if (node.method === true || node.kind !== 'init') ranges.set(node.start, node);
        break;
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(
    parse(source, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    }),
  );
  return ranges;
}

/** `static` is no part of a method's text. */
function startWithoutModifier(member: MethodDefinition, source: string): number {
  if (!member.static) return member.start;
  const from = member.start + 'static'.length;
  // Comments may stand between; they are not part of it either.
  const space = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)*/.exec(source.slice(from, member.end));
  return from + (space?.[0].length ?? 0);
}
