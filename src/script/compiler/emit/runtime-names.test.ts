import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCOPE_SPECIFIER, UNSET_EXPORT } from '../../module-scope.ts';
import { createRealm } from '../../realm.ts';
import { compileModule } from '../compile.ts';
import { compileText } from '../compile-text.ts';
import { SNIPPETS } from '../snippets.ts';
import { OPERATIONS } from './runtime-names.ts';
import { IMPLICIT, TABLES } from './tables.ts';

test('the runtime has every operation that the emitters may name', () => {
  const { protocol } = createRealm();
  assert.deepEqual(
    OPERATIONS.filter((name) => !(name in protocol)),
    [],
  );
});

test('no operation is there in vain: each occurs in what is emitted for some snippet', () => {
  const unseen = new Set<string>(OPERATIONS);
  const look = (emitted: string | null): void => {
    for (const [name] of emitted?.matchAll(/(?<=\$\$\.)\w+/g) ?? []) unseen.delete(name);
  };
  const frame =
    "import d from 'k6'; export * from 'k6/http'; export const m = [import.meta, () => import('x'), eval('1')]; Array = 1; Date.now = 2;";
  const text = 'var a = 1; b = f(); (function () { return this })';
  look(compileModule({ code: frame, mode: 'all' }).code);
  const late = `import { ${UNSET_EXPORT} as unset } from '${SCOPE_SPECIFIER}'; var late = unset; export const read = () => late;`;
  look(compileModule({ code: late }).code);
  look(compileText({ text, kind: 'eval', names: [], overridden: [], isArmed: true }));
  const snippets = [...Object.values(TABLES).flat(), ...Object.values(SNIPPETS)];
  for (const definition of Object.values(IMPLICIT))
    for (const body of snippets) {
      if (unseen.size === 0) return;
      look(compileModule({ code: `export default function () {${definition}${body}\n}`, mode: 'all' }).code);
    }
  assert.deepEqual([...unseen], []);
});
