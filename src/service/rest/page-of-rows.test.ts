// Lists by pages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../storage/new-id.ts';
import { readPageWish, toPage } from './page-of-rows.ts';

test('twenty unless somebody wants another number, up to a hundred', () => {
  assert.deepEqual(readPageWish({}), { limit: 20, after: null });
  assert.deepEqual(readPageWish({ limit: '100', after: 'a-1' }), { limit: 100, after: 'a-1' });
  for (const limit of ['0', '101', '-1', '1.5', 'ten', '', '1e9'])
    assert.throws(
      () => readPageWish({ limit }),
      { kind: 'invalid', message: /limit must be a whole number from 1 to 100/ },
      limit,
    );
  for (const after of ['', 'a b', "' or 1=1", 'x'.repeat(65)])
    assert.throws(() => readPageWish({ after }), { kind: 'invalid' }, after);
});

test('where there are more rows than wanted, there is a next page behind the last that is shown', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ id }));
  const show = ({ id }: { id: string }): string => id.toUpperCase();
  assert.deepEqual(toPage(rows, { limit: 2, after: null }, show), { items: ['A', 'B'], next: 'b' });
  assert.deepEqual(toPage(rows, { limit: 3, after: null }, show), { items: ['A', 'B', 'C'], next: null });
  assert.deepEqual(toPage([], { limit: 3, after: null }, show), { items: [], next: null });
});

test('names of rows sort in the order in which they are made, many within one ms too', () => {
  const at = Date.now() + 1_000_000;
  const ids = Array.from({ length: 10_000 }, () => newId(at));
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids.slice(0, 100))
    assert.match(id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  assert.ok(newId(at - 5000) > ids.at(-1)!, 'a clock that is set back changes nothing');
});
