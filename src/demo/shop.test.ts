import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MENU, Refusal, Shop } from './shop.ts';

const reason = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
  return null;
};

test('an order has a number, a price, and can be found', () => {
  const shop = new Shop();
  const order = shop.order({ item: 'espresso', quantity: 3, name: 'Ada' });
  assert.equal(order.totalCents, 660);
  assert.equal(shop.find(order.id), order);
  assert.equal(shop.order({ item: 'funghi', quantity: 1, name: '' }).id, order.id + 1);
});

test('the shop refuses, and says why', () => {
  const shop = new Shop();
  assert.equal(
    reason(() => shop.order({ item: 'sushi', quantity: 1, name: '' })),
    'not_found',
  );
  assert.equal(
    reason(() => shop.order({ item: 'funghi', quantity: 0.5, name: '' })),
    'invalid',
  );
  assert.equal(
    reason(() => shop.order({ item: 'funghi', quantity: 101, name: '' })),
    'sold_out',
  );
  assert.equal(
    reason(() => shop.find(1)),
    'not_found',
  );
  assert.equal(
    reason(() => shop.rate([], 'Thick')),
    'invalid',
  );
  assert.equal(
    reason(() => shop.rate(['Cheese'], 'Square')),
    'invalid',
  );
});

test('old orders are forgotten', () => {
  const shop = new Shop();
  for (let i = 0; i < 10_001; i++) shop.order({ item: 'espresso', quantity: 1, name: '' });
  assert.equal(
    reason(() => shop.find(1)),
    'not_found',
  );
  assert.equal(shop.find(2).id, 2);
});

test('the menu can be had by kind', () => {
  const shop = new Shop();
  assert.equal(shop.menu().length, MENU.length);
  assert.ok(shop.menu('coffee').every((item) => item.kind === 'coffee'));
});

test('cheese makes a pizza good, pineapple does not', () => {
  const shop = new Shop();
  assert.equal(shop.rate(['Cheese'], 'Thick'), 3);
  assert.equal(shop.rate(['Tomato', 'Cheese', 'Basil', 'Salami'], 'Thin'), 5);
  assert.equal(shop.rate(['Pineapple'], 'Thin'), 1);
});
