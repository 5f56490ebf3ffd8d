// What esbuild's joined text lacks of k6's modules: its own helpers are for bundles of web pages.
import { SourceMap, type SourceMapPayload } from 'node:module';
import path from 'node:path';
import { SCOPE_SPECIFIER } from '../module-scope.ts';
import { ownerOf } from '../own-libraries.ts';

const SCOPE_IMPORT = `import { enter as __enterModule, load as __loadModule } from "${SCOPE_SPECIFIER}";`;

const COMMON_JS = /^var __commonJS = \([^)]*\) => function (\w+)\(\) \{\n[\s\S]*?^\};\n/m;
const REQUIRE = /^ *var __require = [\s\S]*?^ *\}\);\n/m;
const TO_ESM = /^( *)isNodeMode \|\| !mod \|\| !mod\.__esModule \? /m;
const LAZY_ESM = /^var __esm = \([^)]*\) => function (\w+)\(\) \{\n[\s\S]*?^\};\n/m;

const TO_COMMON_JS = /^var __toCommonJS = \(mod\) => __copyProps\(.*\);$/m;

/**
 * Default imports of CommonJS modules give `exports.default` if there is one, else all exports, whatever `__esModule`
 * says; and `import * as all` gives what the language says: an object without a prototype that calls itself a module. What `require` gives of
 * an ES module is one object, however often it is asked for.
 */
export function mendHelpers(code: string): string {
  return code
    .replace(TO_ESM, '$1isNodeMode || !mod || mod.default === undefined ? ')
    .replace(
      'var __export = (target, all) => {\n',
      'var __export = (target, all) => { Object.setPrototypeOf(target, null); __defProp(target, Symbol.toStringTag, { value: "Module" });\n',
    )
    .replace(TO_COMMON_JS, (line) => {
      const [made] = /__copyProps\(.*\)/.exec(line) ?? [];
      return `var __required = new WeakMap(), __toCommonJS = (mod) => __required.get(mod) ?? (__required.set(mod, ${made}), __required.get(mod));`;
    });
}

/**
 * Packages that virtual users share have no `require` of their own: what could not be joined fails where it is asked for.
 */
export function refuseRequire(code: string): string {
  const message = `The moduleSpecifier "' + id + '" couldn\\'t be recognised as something k6 supports`;
  return replaceInLines(code, REQUIRE, () => `var __require = (id) => { throw Error('${message}'); };`);
}

/**
 * Makes of the joined text of a script what its modules mean by the language and by k6. Lines stay where they are, and
 * columns too but for what stands on lines of the bundler's own.
 * - `require` of what is not part of the text is an ordinary call of the global function of that name.
 * - A module says when its top level begins, so that `open()` finds what lies beside it.
 * - `let`, `const` and `class` at the top of modules, which esbuild turns into `var`, cannot be read too early.
 * @param inputs the joined files, as esbuild's metafile names them
 * @param constants names that modules assign to, and that are to be constants
 */
export function linkModules(
  code: string,
  map: string,
  inputs: readonly string[],
  folder: string,
  constants: readonly string[],
): string {
  const own = new Set(inputs.filter((input) => isOwn(input, folder)));
  let text = replaceInLines(code, REQUIRE, () => 'var __require = (id) => __loadModule(id) ?? require(id);');
  text = replaceInLines(
    text,
    COMMON_JS,
    (name) =>
      `var __commonJS = (cb, mod) => function ${name}() { if (mod) return mod.exports; const name = __getOwnPropNames(cb)[0], before = __enterModule(name); ` +
      'try { return (0, cb[name])((mod = { exports: {} }).exports, mod), mod.exports; } catch (e) { throw mod = 0, e; } finally { __enterModule(before); } };',
  );
  text = replaceInLines(
    text,
    LAZY_ESM,
    (name) =>
      `var __esm = (fn, res, err) => function ${name}() { if (err) throw err[0]; if (!fn) return res; const name = __getOwnPropNames(fn)[0], before = __enterModule(name); ` +
      'try { return res = (0, fn[name])(fn = 0); } catch (e) { throw err = [e], e; } finally { __enterModule(before); } };',
  );
  const mapped = new SourceMap(JSON.parse(map) as SourceMapPayload);
  const sources = originalLines(JSON.parse(map) as SourceMapPayload);
  let inOwn = false;
  let declared = constants.map((name) => `const ${name} = void 0; `).join('');
  const lines = text.split('\n').map((line, i) => {
    const input = /^\/\/ (.+)$/.exec(line)?.[1];
    if (input !== undefined && inputs.includes(input) && !isMapped(mapped, i, 0)) {
      inOwn = own.has(input);
      if (!inOwn) return line;
      const entered = `${declared}__enterModule(${JSON.stringify(input)}); ${line}`;
      declared = '';
      return entered;
    }
    if (!inOwn) return line;
    const column = /^ *(?=var )/.exec(line)?.[0].length;
    if (column === undefined || !isLexical(mapped, sources, i, column)) return line;
    return `${line.slice(0, column)}let${line.slice(column + 3)}`;
  });
  return `${lines.join('\n')}\n${SCOPE_IMPORT}\n`;
}

function isOwn(input: string, folder: string): boolean {
  return ownerOf(path.resolve(folder, input)) === null;
}

/** As many lines as were there, so that the source map holds. */
function replaceInLines(text: string, pattern: RegExp, write: (name: string) => string): string {
  return text.replace(pattern, (old, name: string) => write(name) + '\n'.repeat(old.split('\n').length - 1));
}

function isMapped(map: SourceMap, line: number, column: number): boolean {
  const entry = map.findEntry(line, column);
  return 'generatedLine' in entry && entry.generatedLine === line && entry.generatedColumn === column;
}

/** Whether the author wrote something else than `var` there. */
function isLexical(map: SourceMap, sources: ReadonlyMap<string, readonly string[]>, line: number, column: number) {
  const entry = map.findEntry(line, column);
  if (!('originalSource' in entry) || entry.generatedLine !== line || entry.generatedColumn !== column) return false;
  return isLexicalDeclaration(sources.get(entry.originalSource) ?? [], entry.originalLine, entry.originalColumn);
}

/** Whether at a place of a module stands a declaration of what cannot be read before. Line and column are 0-based. */
export function isLexicalDeclaration(lines: readonly string[], line: number, column: number): boolean {
  const text = lines[line]?.slice(column) ?? '';
  // An enumeration asks whether it is there already.
  return /^(?:export\s+)?(?:let|const(?!\s+enum\b)|(?:abstract\s+)?class)\b|^export\s+default\b/.test(text);
}

function originalLines({ sources, sourcesContent }: SourceMapPayload): Map<string, readonly string[]> {
  return new Map(sources.map((source, i) => [source, linesOf(sourcesContent[i] ?? '')]));
}

/** The lines of a module's text, as a source map counts them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/);
}
