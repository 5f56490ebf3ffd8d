// Modules that both import cycles and `require` reach: esbuild makes functions of them, which run when they are first asked for, and
// variables of what they declare, which anything can read before. These get back what `let`, `const` and `class` mean.
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import type { Loader, Metafile } from 'esbuild';
import { patternNames } from '../compiler/scope.ts';
import { stringLiteral } from '../compiler/string-literal.ts';
import type { Program, Statement, VariableDeclarator } from '../compiler/syntax.ts';
import { SCOPE_SPECIFIER, UNSET_EXPORT } from '../module-scope.ts';
import { ownerOf } from '../own-libraries.ts';
import type { StripTypes } from './adapt-module.ts';
import { isLexicalDeclaration, linesOf } from './link-modules.ts';
import { pickName } from './module-edits.ts';
import { parseScript } from './parse-module.ts';

/** A module that runs late, in the joined text. */
interface LateModule {
  /** Of the function that runs it. */
  readonly name: string;
  readonly at: number;
  /** Where the text behind the brace of its function begins. */
  readonly start: number;
  readonly statements: readonly Statement[];
}

/** What of a module's own text its joined text does not show. */
interface Unshown {
  /** Names that `let` declares without a value. */
  readonly withoutValue: ReadonlySet<string>;
  /** Statements that import: they run first, wherever they stand. */
  readonly imports: ReadonlySet<string>;
}

const NOTHING: Unshown = { withoutValue: new Set(), imports: new Set() };

/**
 * Has the names that late modules of the script's own in import cycles declare hold a value that nothing may read, up to the
 * statement that declares them, and says in front of it that it does. No line moves, and columns only on lines of the bundler's own.
 * @param code what the bundler joined
 * @param loaderOf how a file of that name is read
 * @returns the same text where there are no such modules
 */
export async function keepDeadZones(
  code: string,
  map: string,
  { inputs }: Metafile,
  folder: string,
  loaderOf: (source: string) => Loader,
  stripTypes: StripTypes,
): Promise<string> {
  if (!code.includes('__esm(')) return code;
  const inCycles = Object.keys(inputs).filter(
    (input) => ownerOf(path.resolve(folder, input)) === null && isInCycle(input, inputs),
  );
  if (inCycles.length === 0) return code;
  const payload = JSON.parse(map) as SourceMapPayload;
  const places = new Places(code, new SourceMap(payload));
  const textOf = (source: string): string => payload.sourcesContent[payload.sources.indexOf(source)] ?? '';
  const lines = new Map<string, readonly string[]>();
  const declares = ({ source, line, column }: Place): boolean =>
    isLexicalDeclaration(
      lines.getOrInsertComputed(source, () => linesOf(textOf(source))),
      line,
      column,
    );
  const program = parseScript(code);
  const modules = findLateModules(program);
  const loaders = new Set([...modules.values()].map(({ name }) => name));
  const declarators = findDeclarators(program);
  const unset = pickName(code, '__unset0'.length, '__unset');
  const insertions: Insertion[] = [];
  for (const input of inCycles) {
    const module = modules.get(input);
    const source = module && places.ofLine(module.at)?.source;
    if (module === undefined || source === undefined) continue;
    const { withoutValue, imports } = await findUnshown(textOf(source), loaderOf(source), source, stripTypes);
    const names = new Set<string>();
    for (const [name, { id }] of declarators) {
      const own = places.of(id.start);
      if (own?.source !== source || !withoutValue.has(show(own))) continue;
      const last = module.statements.findLast((statement) => {
        const place = places.ofLine(statement.start);
        // Where a module has a source map of its own, it may not tell where its imports stand.
        if (place === null) return isCallOf(statement, loaders);
        // Of one declaration with several names, each has a statement, of which all begin at `let`.
        const part = statement.type === 'ExpressionStatement' ? places.of(statement.expression.start) : null;
        return imports.has(show(place)) || comesBefore(part ?? place, own);
      });
      insertions.push({ at: last?.end ?? module.start, text: ` ${unset}; ${name} = void 0;` });
      names.add(name);
    }
    let behind = module.start;
    for (const statement of module.statements) {
      const place = places.ofLine(statement.start);
      const assigned = namesAssignedBy(statement);
      if (place !== null && assigned.length > 0 && declares(place)) {
        insertions.push({ at: behind, text: ` ${unset};` });
        for (const name of assigned) names.add(name);
      }
      behind = statement.end;
    }
    for (const name of names) {
      const declarator = declarators.get(name);
      if (declarator !== undefined) insertions.push({ at: declarator.id.end, text: ` = ${unset}` });
    }
  }
  if (insertions.length === 0) return code;
  return `${insertAll(code, insertions)}\nimport { ${UNSET_EXPORT} as ${unset} } from "${SCOPE_SPECIFIER}";\n`;
}

/** Whether a module is reached from what it imports or requires. */
function isInCycle(input: string, inputs: Metafile['inputs']): boolean {
  const reached = new Set<string>();
  const next = [input];
  for (let module = next.pop(); module !== undefined; module = next.pop()) {
    for (const { path: needed } of inputs[module]?.imports ?? []) {
      if (needed === input) return true;
      if (reached.has(needed)) continue;
      reached.add(needed);
      next.push(needed);
    }
  }
  return false;
}

/** `var init_name = __esm({ "input"() { … } });` by input. */
function findLateModules({ body }: Program): Map<string, LateModule> {
  const modules = new Map<string, LateModule>();
  for (const statement of body) {
    if (statement.type !== 'VariableDeclaration') continue;
    const { id, init } = statement.declarations[0] as VariableDeclarator;
    if (id.type !== 'Identifier' || init?.type !== 'CallExpression') continue;
    const [table] = init.arguments;
    if (init.callee.type !== 'Identifier' || init.callee.name !== '__esm' || table?.type !== 'ObjectExpression')
      continue;
    const [method] = table.properties;
    if (method?.type !== 'Property' || method.value.type !== 'FunctionExpression') continue;
    const input = stringLiteral(method.key);
    const { start, body: statements } = method.value.body;
    if (input !== null) modules.set(input, { name: id.name, at: statement.start, start: start + 1, statements });
  }
  return modules;
}

function isCallOf(statement: Statement, names: ReadonlySet<string>): boolean {
  if (statement.type !== 'ExpressionStatement') return false;
  const { expression } = statement;
  const call = expression.type === 'AwaitExpression' ? expression.argument : expression;
  return call.type === 'CallExpression' && call.callee.type === 'Identifier' && names.has(call.callee.name);
}

/** What the joined text declares at its top without a value. */
function findDeclarators({ body }: Program): Map<string, VariableDeclarator> {
  const declarators = new Map<string, VariableDeclarator>();
  for (const statement of body)
    if (statement.type === 'VariableDeclaration')
      for (const declarator of statement.declarations)
        if (declarator.id.type === 'Identifier' && !declarator.init) declarators.set(declarator.id.name, declarator);
  return declarators;
}

function namesAssignedBy(statement: Statement): string[] {
  if (statement.type !== 'ExpressionStatement') return [];
  const { expression } = statement;
  const parts = expression.type === 'SequenceExpression' ? expression.expressions : [expression];
  return parts.flatMap((part) =>
    part.type === 'AssignmentExpression' ? patternNames(part.left).map(({ name }) => name) : [],
  );
}

/** @param text as its author wrote it */
async function findUnshown(text: string, loader: Loader, source: string, stripTypes: StripTypes): Promise<Unshown> {
  let stripped: string;
  let program: Program;
  try {
    stripped = await stripTypes(text, loader, source);
    program = parseScript(stripped);
  } catch {
    return NOTHING; // a source map of the module's own leads to what is no script
  }
  const places = new Places(stripped, new SourceMap(inlineMapOf(stripped)));
  const withoutValue = new Set<string>();
  const imports = new Set<string>();
  const note = (at: number, into: Set<string>): void => {
    const place = places.of(at);
    if (place !== null) into.add(show(place));
  };
  for (const statement of program.body) {
    const isExport = statement.type === 'ExportNamedDeclaration';
    if ('source' in statement && statement.source) note(statement.start, imports);
    const declaration = isExport ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'let') continue;
    for (const { id, init } of declaration.declarations) if (!init) note(id.start, withoutValue);
  }
  return { withoutValue, imports };
}

function inlineMapOf(text: string): SourceMapPayload {
  const [, base64 = ''] = /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(text) ?? [];
  return JSON.parse(Buffer.from(base64, 'base64').toString()) as SourceMapPayload;
}

/** Where in its author's text something is; 0-based. */
interface Place {
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

function show({ line, column }: Place): string {
  return `${line}:${column}`;
}

function comesBefore(a: Place, b: Place): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

/** Where offsets of a text with a source map come from. */
class Places {
  readonly #starts: readonly number[];
  readonly #map: SourceMap;

  constructor(text: string, map: SourceMap) {
    this.#starts = [0, ...text.matchAll(/\n/g).map(({ index }) => index + 1)];
    this.#map = map;
  }

  /** @returns null where the map says nothing of that very offset */
  of(offset: number): Place | null {
    const line = this.#lineOf(offset);
    return this.#find(line, offset - (this.#starts[line] as number));
  }

  /** Of what stands first in the line of an offset. */
  ofLine(offset: number): Place | null {
    return this.#find(this.#lineOf(offset), 0);
  }

  #find(line: number, column: number): Place | null {
    const entry = this.#map.findEntry(line, column);
    if (!('originalSource' in entry) || entry.generatedLine !== line || entry.generatedColumn !== column) return null;
    return { source: entry.originalSource, line: entry.originalLine, column: entry.originalColumn };
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Of several at one place the first given comes first. */
function insertAll(text: string, insertions: readonly Insertion[]): string {
  let inserted = '';
  let from = 0;
  for (const { at, text: own } of insertions.toSorted((a, b) => a.at - b.at)) {
    inserted += text.slice(from, at) + own;
    from = at;
  }
  return inserted + text.slice(from);
}
