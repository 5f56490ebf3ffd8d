// What customers of the target send for an order, sense or nonsense: it is read, or refused in a sentence; never does it throw otherwise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObject, readOrder, readText } from './order-request.ts';
import { Refusal } from './shop.ts';

const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.equal(error.reason, 'invalid');
    return error.message;
  }
  return 'taken';
};

test('an order has an item, one of it unless it says more, and a name only where it gives one', () => {
  assert.deepEqual(readOrder({ item: 'funghi' }), { item: 'funghi', quantity: 1, name: '' });
  assert.deepEqual(readOrder({ item: 'funghi', quantity: 3, name: 'Ada', tip: 5 }), {
    item: 'funghi',
    quantity: 3,
    name: 'Ada',
  });
  assert.deepEqual(readOrder({ item: 7, quantity: '2', name: null }), { item: '7', quantity: 2, name: '' });
});

test('what is no object is no order', () => {
  for (const wanted of [undefined, null, '', 'funghi', 7, true])
    assert.equal(
      refusal(() => readOrder(wanted)),
      'an order must be a JSON object',
      String(wanted),
    );
  assert.equal(
    refusal(() => readObject(null, 'a cart')),
    'a cart must be a JSON object',
  );
});

test('texts are texts or numbers, and nothing is asked of objects what they are', () => {
  const hostile = JSON.parse('{ "toString": 1, "valueOf": 1 }') as object;
  for (const value of [undefined, null, {}, [], hostile])
    assert.equal(
      refusal(() => readOrder({ item: value })),
      'item must be a text',
    );
  assert.equal(
    refusal(() => readOrder({ item: 'funghi', name: hostile })),
    'name must be a text',
  );
  assert.equal(readText(false, 'x'), 'false');
  // A quantity that is no number is the shop's to refuse.
  for (const quantity of [hostile, [], {}, 'many'])
    assert.ok(Number.isNaN(readOrder({ item: 'a', quantity }).quantity));
});
