// A file of the built program as a text that is compiled with what the engine has kept of it (src/node/kept-code.ts), and a module in its
// place that does so: of modules the engine keeps only what it has compiled before they run.
import { createHash } from 'node:crypto';
import {
  type AssignmentExpression,
  type Identifier,
  type ImportDeclaration,
  type Literal,
  type Node,
  type Pattern,
  type Program,
  parse,
  type UpdateExpression,
} from 'acorn';
import type { Plugin } from 'rollup';

/**
 * @param names of the files that are kept so
 * @param keeper the module whose `runKept` compiles the texts, an absolute path
 * @param place the name of the file that it is in
 */
export function keptChunks(names: readonly string[], keeper: string, place: string): Plugin {
  return {
    name: 'kept-chunks',
    buildStart() {
      // Nobody asks for the function before the texts are there.
      this.emitFile({ type: 'chunk', id: keeper, name: place, preserveSignature: 'allow-extension' });
    },
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const compiler = chunks.find(({ moduleIds }) => moduleIds.includes(keeper));
      for (const chunk of chunks.filter(({ name }) => names.includes(name))) {
        if (compiler === undefined) throw new Error(`${chunk.name} is to be kept, and nothing keeps code`);
        const tree = parse(chunk.code, { ecmaVersion: 'latest', sourceType: 'module' });
        const changing = findChangingExports(tree);
        if (changing.length > 0)
          throw new Error(`${chunk.name} is to be kept, and exports what may change: ${changing}`);
        const source = toAscii(toText(chunk.code, tree));
        const textName = `${chunk.name}-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.text`;
        this.emitFile({ type: 'asset', fileName: textName, source });
        chunk.code = module(textName, compiler.fileName, findImports(tree), chunk.exports);
      }
    },
  };
}

/** The text: a function of `require`, `import.meta` and `import` that returns what the file exports. */
function toText(code: string, tree: Program): string {
  const edits = nodesIn(tree).flatMap((node): Edit[] => {
    const { type, start, end } = node;
    if (type === 'ImportDeclaration') return [[start, end, toRequire(node as ImportDeclaration)]];
    if (type === 'ImportExpression') return [[start, start + 'import'.length, '__import']];
    if (type === 'MetaProperty' && code.startsWith('import', start)) return [[start, end, '__meta']];
    if (type === 'ExportNamedDeclaration') return [[start, end, '']];
    return [];
  });
  let text = code;
  for (const [start, end, instead] of edits.sort(([one], [other]) => other - one))
    text = text.slice(0, start) + instead + text.slice(end);
  return `(function(require,__meta,__import){"use strict";${text}\nreturn {${exportsOf(tree).join()}}})`;
}

/** What is read octet by octet. A letter may be written so wherever programs have letters, regular expressions included. */
function toAscii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\n]/g, (letter) =>
    letter < ' ' ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** From where, until where, and what is to stand there. */
type Edit = readonly [start: number, end: number, instead: string];

function toRequire({ source, specifiers }: ImportDeclaration): string {
  const from = `require(${JSON.stringify(source.value)})`;
  return specifiers
    .map((one) => {
      if (one.type === 'ImportNamespaceSpecifier') return `const ${one.local.name}=${from};`;
      const name = one.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(one.imported);
      return `const {${JSON.stringify(name)}:${one.local.name}}=${from};`;
    })
    .join('');
}

/** @returns properties of an object, as they are written @throws Error for other exports than Rollup writes */
function exportsOf(tree: Program): string[] {
  return tree.body.flatMap((one) => {
    if (/^Export(?:All|Default)/.test(one.type) || (one.type === 'ExportNamedDeclaration' && one.declaration))
      throw new Error(`a file that is kept has an export that is not in a list: ${one.type}`);
    if (one.type !== 'ExportNamedDeclaration') return [];
    const from = one.source ? `require(${JSON.stringify(one.source.value)}).` : '';
    return one.specifiers.map(({ local, exported }) => `${JSON.stringify(nameOf(exported))}:${from}${nameOf(local)}`);
  });
}

function nameOf(node: Identifier | Literal): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}

/** The module: what it exports is what the text does once it has run. */
function module(text: string, compiler: string, imports: readonly string[], exports: readonly string[]): string {
  return `${imports.map((specifier, i) => `import * as m${i} from '${specifier}';`).join('\n')}
import { runKept } from './${compiler}';
const all = runKept('${text}', import.meta, (specifier) => import(specifier), { ${imports.map((specifier, i) => `'${specifier}': m${i}`).join(', ')} });
${exports.map((name, i) => `const e${i} = all.${name};`).join('\n')}
export { ${exports.map((name, i) => `e${i} as ${name}`).join(', ')} };
`;
}

function findImports({ body }: Program): string[] {
  const sources = body.flatMap((one) =>
    (one.type === 'ImportDeclaration' || one.type === 'ExportNamedDeclaration') && one.source
      ? [String(one.source.value)]
      : [],
  );
  return [...new Set(sources)];
}

/** @returns names of exports that are assigned to once they are there: a module shows what one is now, and a copy what it was */
function findChangingExports(tree: Program): string[] {
  const assigned = new Set(
    nodesIn(tree).flatMap((node) => {
      if (node.type === 'AssignmentExpression') return namesOf((node as AssignmentExpression).left);
      if (node.type === 'UpdateExpression') return namesOf((node as UpdateExpression).argument as Pattern);
      return [];
    }),
  );
  for (const one of tree.body)
    if (one.type === 'VariableDeclaration' && one.kind === 'const')
      for (const { id } of one.declarations) for (const name of namesOf(id)) assigned.delete(name);
  return tree.body
    .flatMap((one) => (one.type === 'ExportNamedDeclaration' ? one.specifiers : []))
    .flatMap(({ local }) => (local.type === 'Identifier' && assigned.has(local.name) ? [local.name] : []));
}

/** @returns a node of a syntax tree with all below it, as they stand in the text */
function nodesIn(node: Node): Node[] {
  const below = Object.values(node)
    .flat()
    .filter((part: unknown): part is Node => typeof part === 'object' && part !== null && 'type' in part);
  return [node, ...below.flatMap(nodesIn)];
}

function namesOf(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesOf(one.type === 'RestElement' ? one.argument : one.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one === null ? [] : namesOf(one)));
    case 'RestElement':
      return namesOf(pattern.argument);
    case 'AssignmentPattern':
      return namesOf(pattern.left);
    default:
      return [];
  }
}
