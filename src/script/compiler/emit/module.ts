import { callsImplicitly, hasExoticObjects } from '../marking.ts';
import type { Node } from '../parse.ts';
import type { Rope } from '../rope.ts';
import { patternNames } from '../scope.ts';
import { emitClassExpression } from './classes.ts';
import { Context } from './context.ts';
import type { Emitter } from './emitter.ts';
import { declare, emitWrapped, isCompiled } from './functions.ts';
import { emitStatement, hoistFunction } from './statements.ts';

export interface EmittedModule {
  readonly rope: Rope;
  readonly hostImports: string[];
  readonly exportNames: string[];
}

/** The whole module: a function of the runtime that returns the factory of instances. */
export function emitModule(e: Emitter, program: Node): EmittedModule {
  const { prefix: $ } = e;
  const context = new Context('async', $);
  const exports: [name: string, value: string][] = [];
  const imports: Rope[] = [];
  const hostImports: string[] = [];
  const hoisted: Rope[] = [];
  const stars: string[] = [];
  const importFrom = (specifier: string): string => {
    let index = hostImports.indexOf(specifier);
    if (index === -1) {
      index = hostImports.push(specifier) - 1;
      imports.push(`const ${$}n${index}=${$}i(${JSON.stringify(specifier)});`);
    }
    return `${$}n${index}`;
  };
  const body = e.within(context, () => {
    const parts: Rope[] = [];
    let at = program.start;
    for (const statement of program['body'] as Node[]) {
      if (statement.start > at) parts.push({ start: at, end: statement.start });
      at = statement.end;
      parts.push(emitTopLevel(statement));
    }
    return parts;
  });

  function emitTopLevel(statement: Node): Rope {
    switch (statement.type) {
      case 'ImportDeclaration': {
        const from = importFrom((statement['source'] as Node)['value'] as string);
        for (const specifier of statement['specifiers'] as Node[]) {
          const local = (specifier['local'] as Node)['name'] as string;
          if (specifier.type === 'ImportNamespaceSpecifier') imports.push(`const ${local}=${from};`);
          else {
            const imported =
              specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier['imported'] as Node);
            imports.push(
              `const ${local}=${$}.im(${from},${JSON.stringify(imported)},${JSON.stringify((statement['source'] as Node)['value'])});`,
            );
          }
        }
        return '';
      }
      case 'ExportNamedDeclaration': {
        const declaration = statement['declaration'] as Node | null;
        if (declaration !== null) {
          for (const name of declaredNames(declaration)) exports.push([name, name]);
          return topStatement(declaration);
        }
        const source = statement['source'] as Node | null;
        for (const specifier of statement['specifiers'] as Node[]) {
          const local = nameOf(specifier['local'] as Node);
          const exported = nameOf(specifier['exported'] as Node);
          if (source === null) exports.push([exported, local]);
          else
            exports.push([
              exported,
              `${$}.im(${importFrom(source['value'] as string)},${JSON.stringify(local)},${JSON.stringify(source['value'])})`,
            ]);
        }
        return '';
      }
      case 'ExportAllDeclaration': {
        const from = importFrom((statement['source'] as Node)['value'] as string);
        const exported = statement['exported'] as Node | null;
        if (exported === null) stars.push(from);
        else exports.push([nameOf(exported), from]);
        return '';
      }
      case 'ExportDefaultDeclaration':
        return emitDefault(statement['declaration'] as Node);
      default:
        return topStatement(statement);
    }
  }

  function topStatement(statement: Node): Rope {
    if (statement.type === 'FunctionDeclaration' && isCompiled(e, statement)) {
      hoisted.push(hoistFunction(e, statement, 'function'));
      return '';
    }
    return emitStatement(e, statement);
  }

  function emitDefault(declaration: Node): Rope {
    const id = declaration['id'] as Node | null | undefined;
    const isDeclaration = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
    if (isDeclaration && id) {
      exports.push(['default', id['name'] as string]);
      return topStatement(declaration);
    }
    const local = `${$}default`;
    exports.push(['default', local]);
    if (declaration.type === 'FunctionDeclaration') {
      if (isCompiled(e, declaration)) hoisted.push([`var ${local}=`, emitWrapped(e, declaration, 'default'), ';']);
      else hoisted.push([`var ${local}=({default:`, e.emit(declaration), '}).default;']);
      return '';
    }
    if (declaration.type === 'ClassDeclaration') {
      return [
        `const ${local}=`,
        emitClassExpression(e, { ...declaration, type: 'ClassExpression' }, 'default'),
        ';',
        '',
      ];
    }
    // The name of an anonymous function or class here is "default".
    return [`const ${local}=({default:`, e.operand(declaration, 'default'), '}).default;'];
  }

  const entries = exports.map(([name, value]) => `get ${JSON.stringify(name)}(){return ${value}}`);
  const table = `${$}.exports({${entries.join(',')}},[${stars.join(',')}])`;
  const rope: Rope = [
    `(${$}=>{'use strict';`,
    // Factories are shared by all instances.
    [...e.factories].map(([text, name]) => `const ${name}=${text};`),
    declareFeatures(e),
    `return (${$}u,${$}g,${$}i)=>${$}.entry(()=>${$}.acall(async(${$}d)=>{`,
    declare(context, $),
    `try{`,
    imports,
    `${$}b:{`,
    hoisted,
    body,
    `\n;${$}v=${table};}}catch(${$}e){return ${$}d.fail(${$}e)}${$}d.done(${$}v)},[]));`,
    // Behind everything: compiled only when a function is asked for its text.
    `function ${$}text(){return ${JSON.stringify(e.source)}}})`,
  ];
  return { rope, hostImports, exportNames: [...new Set(exports.map(([name]) => name))] };
}

/** Tells the runtime once per worker: where the source text is, and what the program may change or have called implicitly. */
function declareFeatures(e: Emitter): string {
  const { prefix: $ } = e;
  const { features } = e.marks;
  const { patches } = e.marks;
  return [
    `${$}.source(${JSON.stringify(e.program)},${$}text);`,
    patches.length > 0 ? `${$}.patches(${JSON.stringify(patches.map(({ holder, key }) => [holder, key]))});` : '',
    callsImplicitly(features) ? `${$}.arm(${hasExoticObjects(features)},${features.thenables});` : '',
  ].join('');
}

function nameOf(node: Node): string {
  return node.type === 'Literal' ? String(node['value']) : (node['name'] as string);
}

function declaredNames(declaration: Node): string[] {
  if (declaration.type !== 'VariableDeclaration') return [(declaration['id'] as Node)['name'] as string];
  return (declaration['declarations'] as Node[]).flatMap((d) =>
    patternNames(d['id'] as Node).map((id) => id['name'] as string),
  );
}
