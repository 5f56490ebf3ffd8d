import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lineOf, ScriptError } from './script-error.ts';

const place = { file: '/scripts/a.js', line: 12, column: 5 };
/** What the caret of an error points at. */
function pointedAt({ message }: ScriptError): string {
  const [shown, caret] = message.split('\n').slice(-2) as [string, string];
  return shown.slice(caret.indexOf('^'));
}

describe('an error of a script', () => {
  test('says reason, place and line, with a caret below the column', () => {
    const error = new ScriptError('syntax', 'it is wrong', { ...place, text: 'let = 5;' });
    assert.equal(error.message, 'it is wrong\n\tat /scripts/a.js:12:5\n12 | let = 5;\n   |     ^');
    assert.equal(pointedAt(error), '= 5;');
    assert.deepEqual([error.name, error.kind, error.reason], ['ScriptError', 'syntax', 'it is wrong']);
    assert.deepEqual([error.file, error.line, error.column], ['/scripts/a.js', 12, 5]);
  });

  test('has no frames of the program’s own in its stack', () => {
    const { stack, message } = new ScriptError('import', 'not there', place);
    assert.equal(stack, `ScriptError: ${message}`);
  });

  test('without a place says the reason alone', () => {
    const error = new ScriptError('missing', 'no such script');
    assert.equal(error.message, 'no such script');
    assert.deepEqual([error.file, error.line, error.column], [null, null, null]);
  });

  test('shows no line that is not known, or that has nothing to show', () => {
    for (const text of [undefined, '', '  \t'])
      assert.equal(
        new ScriptError('syntax', 'why', { ...place, ...(text !== undefined && { text }) }).message,
        'why\n\tat /scripts/a.js:12:5',
      );
  });

  test('points right behind tabs, at the first column and behind the end', () => {
    const at = (text: string, column: number): ScriptError =>
      new ScriptError('syntax', 'why', { ...place, column, text });
    assert.equal(pointedAt(at('\t\tlet = 5;', 7)), '= 5;');
    assert.equal(pointedAt(at('oops', 1)), 'oops');
    assert.equal(pointedAt(at('f(', 3)), '');
  });

  test('shows of a long line the part around the column, never more than fits a screen', () => {
    const text = `${'a'.repeat(5000)}!${'b'.repeat(5000)}`;
    for (const column of [1, 79, 80, 81, 5001, 9999, 10_001]) {
      const error = new ScriptError('syntax', 'why', { ...place, column, text });
      const [, , shown] = error.message.split('\n') as [string, string, string];
      assert.ok(shown.length <= 170, `${column}: ${shown.length}`);
      assert.equal(pointedAt(error)[0], text[column - 1], `column ${column}`);
    }
  });
});

test('a line is found by its number, whatever ends lines', () => {
  const source = 'one\ntwo\r\nthree\rfour\u2028five\u2029six';
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7].map((line) => lineOf(source, line)),
    ['one', 'two', 'three', 'four', 'five', 'six', undefined],
  );
  assert.equal(lineOf('', 1), '');
});
