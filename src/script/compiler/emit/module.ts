import { callsImplicitly, type Features, hasExoticObjects } from '../marking.ts';
import type { Rope } from '../rope.ts';
import { patternNames } from '../scope.ts';
import { STANDARD_NAMES } from '../standard-names.ts';
import type {
  AnonymousClassDeclaration,
  AnonymousFunctionDeclaration,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  Identifier,
  ImportDeclaration,
  Literal,
  ModuleDeclaration,
  Program,
  Statement,
} from '../syntax.ts';
import { emitClass } from './classes.ts';
import { Context } from './context.ts';
import { declareModuleNames } from './direct-eval.ts';
import type { Emitter } from './emitter.ts';
import { declareGuarded } from './identifiers.ts';
import { Level } from './precedence.ts';
import { emitStatement, endOf, hoistFunction } from './statements.ts';
import { declare, emitWrapped, isCompiled } from './twins.ts';

export interface EmittedModule {
  readonly rope: Rope;
  readonly hostImports: string[];
  readonly exportNames: string[];
}

/** The whole module: a function of the runtime that returns the factory of instances. */
export function emitModule(e: Emitter, program: Program): EmittedModule {
  const { prefix: $, runtime, activation } = e;
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

  const importNames = (statement: ImportDeclaration): void => {
    const source = String(statement.source.value);
    const from = importFrom(source);
    for (const specifier of statement.specifiers) {
      const local = specifier.local.name;
      if (specifier.type === 'ImportNamespaceSpecifier') {
        imports.push(`const ${local}=${from};`);
        continue;
      }
      const imported = specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier.imported);
      imports.push(`const ${local}=${runtime.im}(${from},${JSON.stringify(imported)},${JSON.stringify(source)});`);
    }
  };

  const exportNames = (statement: ExportNamedDeclaration): Rope => {
    if (statement.declaration) {
      for (const name of declaredNames(statement.declaration)) exports.push([name, name]);
      return emitTopStatement(statement.declaration);
    }
    for (const specifier of statement.specifiers) {
      const local = nameOf(specifier.local);
      const exported = nameOf(specifier.exported);
      if (!statement.source) {
        exports.push([exported, local]);
        continue;
      }
      const source = String(statement.source.value);
      const value = `${runtime.im}(${importFrom(source)},${JSON.stringify(local)},${JSON.stringify(source)})`;
      exports.push([exported, value]);
    }
    return '';
  };

  const emitTopLevel = (statement: Statement | ModuleDeclaration): Rope => {
    switch (statement.type) {
      case 'ImportDeclaration':
        importNames(statement);
        return '';
      case 'ExportNamedDeclaration':
        return exportNames(statement);
      case 'ExportAllDeclaration': {
        const from = importFrom(String(statement.source.value));
        if (statement.exported) exports.push([nameOf(statement.exported), from]);
        else stars.push(from);
        return '';
      }
      case 'ExportDefaultDeclaration':
        return exportDefault(statement.declaration);
      default:
        return emitTopStatement(statement);
    }
  };

  const emitTopStatement = (statement: Statement): Rope => {
    if (statement.type === 'FunctionDeclaration' && isCompiled(e, statement)) {
      hoisted.push(hoistFunction(e, statement, 'function'));
      return '';
    }
    return [emitStatement(e, statement), endOf(e, statement)];
  };

  const exportDefault = (declaration: ExportDefaultDeclaration['declaration']): Rope => {
    const local = `${$}default`;
    switch (declaration.type) {
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        if (hasName(declaration)) {
          exports.push(['default', declaration.id.name]);
          return emitTopStatement(declaration);
        }
        exports.push(['default', local]);
        if (declaration.type === 'ClassDeclaration')
          return [
            `const ${local}=({default:`,
            emitClass(e, declaration, 'default'),
            '}).default;',
            runStatics(declaration),
          ];
        if (isCompiled(e, declaration)) hoisted.push([`var ${local}=`, emitWrapped(e, declaration, 'default'), ';']);
        else hoisted.push([`var ${local}=({default:`, e.part(declaration), '}).default;']);
        return '';
      default:
        exports.push(['default', local]);
        // The name of an anonymous function or class here is "default".
        return [`const ${local}=({default:`, e.expression(declaration, Level.Assignment, 'default'), '}).default;'];
    }
  };
  const runStatics = (declaration: AnonymousClassDeclaration): Rope =>
    e.marks.statics.has(declaration) ? [e.settle(`${runtime.statics}(${$}default)`, declaration.start), ';'] : '';

  const body = e.within(context, () => {
    const parts: Rope[] = [];
    // What names an interpreter is no part of the program.
    let at = e.source.startsWith('#!') ? e.source.search(/[\n\r\u2028\u2029]|$/) : program.start;
    for (const statement of program.body) {
      if (statement.start > at) parts.push({ start: at, end: statement.start });
      at = statement.end;
      parts.push(emitTopLevel(statement));
    }
    return parts;
  });
  const entries = exports.map(([name, value]) => `get ${JSON.stringify(name)}(){return ${value}}`);
  const table = `${runtime.exports}({${entries.join(',')}},[${stars.join(',')}])`;
  const rope: Rope = [
    `(${$}=>{'use strict';`,
    // Factories are shared by all instances.
    [...e.factories].map(([text, name]) => `const ${name}=${text};`),
    declareFeatures(e),
    `return function(${$}u,${$}g,${$}i){return ${runtime.entry}(function(){return ${runtime.acall}(async function(${$}d){`,
    declare(context, $),
    `try{`,
    imports,
    `${$}b:{`,
    declareModuleNames(e),
    declareGuarded(e),
    hoisted,
    body,
    `\n;${$}v=${table};}}catch(${$}e){return ${activation.fail}(${$}e)}${activation.done}(${$}v)},[])})};`,
    // Behind everything: compiled only when a function is asked for its text.
    `function ${$}text(){return ${JSON.stringify(e.source)}}})`,
  ];
  return { rope, hostImports, exportNames: [...new Set(exports.map(([name]) => name))] };
}

/** Tells the runtime once per worker: where the source text is, and what the program may change or have called implicitly. */
function declareFeatures(e: Emitter): string {
  const { prefix: $, runtime } = e;
  const { patches } = e.marks;
  const overridden = [...e.scopes.assignedGlobals].filter((name) => STANDARD_NAMES.has(name));
  return [
    `${runtime.hide}("${$}");${runtime.source}(${JSON.stringify(e.program)},${$}text);`,
    patches.length > 0 ? `${runtime.patches}(${JSON.stringify(patches.map(({ holder, key }) => [holder, key]))});` : '',
    overridden.length > 0 ? `${runtime.overrides}(${JSON.stringify(overridden)});` : '',
    armFor(e, e.marks.features),
  ].join('');
}

/** Makes the built-ins wait for what the language may call by itself. */
export function armFor({ runtime }: Emitter, features: Features): string {
  return callsImplicitly(features) ? `${runtime.arm}(${hasExoticObjects(features)},${features.thenables});` : '';
}

function nameOf(node: Identifier | Literal): string {
  return node.type === 'Literal' ? String(node.value) : node.name;
}

function hasName<T extends { id?: Identifier | null }>(
  declaration: T | AnonymousFunctionDeclaration | AnonymousClassDeclaration,
): declaration is T & { id: Identifier } {
  return Boolean(declaration.id);
}

function declaredNames(declaration: NonNullable<ExportNamedDeclaration['declaration']>): string[] {
  if (declaration.type !== 'VariableDeclaration') return [declaration.id.name];
  return declaration.declarations.flatMap((d) => patternNames(d.id).map((id) => id['name'] as string));
}
