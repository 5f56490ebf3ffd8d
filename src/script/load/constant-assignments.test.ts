import assert from 'node:assert/strict';
import { test } from 'node:test';
import { divertConstantAssignments } from './constant-assignments.ts';
import { applyEdits } from './module-edits.ts';
import { parseScript } from './parse-module.ts';

function divert(source: string): { text: string | null; constants: string[] } {
  const constants = new Set<string>();
  const edits = divertConstantAssignments(source, parseScript(source), constants);
  return { text: edits && applyEdits(source, [edits]), constants: [...constants] };
}

test('assignments to what may change stay', () => {
  const source =
    'let a = 1; a = 2; var b; b++; free = 1; const o = {}; o.a = 1; { const c = 1; } let c; c = 2; [o.x] = [1];';
  assert.deepEqual(divert(source), { text: null, constants: [] });
});

test('the target alone is replaced, by a name as long, whatever form the assignment has', () => {
  for (const source of [
    'const top = 1; top = 2;',
    `import { top } from 'x'; top += 2;`,
    `import * as top from 'x'; top++;`,
    'const top = 1; [, top] = [1, 2];',
    'const top = 1; ({ a: top } = o);',
    'const top = 1; [...top] = [1];',
    'const top = 1; for (top in o);',
    'const top = 1; (top) = 1;',
  ]) {
    const { text, constants } = divert(source);
    assert.equal(constants.length, 1, source);
    assert.equal(text!.replace(constants[0]!, 'top'), source);
  }
});

test('a shorthand keeps the property that it reads', () => {
  const { text, constants } = divert('const top = 1; ({ top = 3 } = o);');
  assert.equal(text, `const top = 1; ({ top:${constants[0]} = 3 } = o);`);
});
