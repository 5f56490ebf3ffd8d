import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits, pickName } from './module-edits.ts';

test('edits of several parts are made together, and statements come before a source map', () => {
  const edits = [
    { replacements: [{ start: 0, end: 1, text: 'X' }], appended: ['one()'] },
    { replacements: [{ start: 3, end: 4, text: 'YY' }], appended: ['two()'] },
  ];
  assert.equal(applyEdits('a, b', edits), 'X, YY\n;one();two()');
  assert.equal(
    applyEdits('a, b\n//# sourceMappingURL=data:', edits),
    'X, YY\n;one();two()\n//# sourceMappingURL=data:',
  );
});

test('a picked name has the length asked for and is not in the text', () => {
  assert.equal(pickName('', 6, '$meta'), '$meta0');
  assert.equal(pickName('$meta0', 6, '$meta'), '$meta1');
  const [short, long] = [pickName('', 1), pickName('一___', 4)];
  assert.deepEqual([short.length, long.length, long === '一___'], [1, 4, false]);
  for (const name of [short, long]) assert.equal(new Function(`const ${name} = 2; return ${name}`)(), 2);
});
