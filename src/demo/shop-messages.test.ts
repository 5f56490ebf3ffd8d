// The demo's messages against protobufjs, which reads the .proto files of the examples: what one writes, the other reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { type Kind, MENU, Shop } from './shop.ts';
import {
  readFindRequest,
  readMenuRequest,
  readNothing,
  readOrderRequest,
  readPizzaRatingRequest,
  writeMenuResponse,
  writeOrderResponse,
  writePizzaRatingResponse,
  writeStatusResponse,
} from './shop-messages.ts';

const root = protobuf.loadSync(
  ['quickpizza.proto', 'shop.proto'].map((name) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))),
);

const encode = (type: string, message: object): Uint8Array => {
  const found = root.lookupType(type);
  return found.encode(found.fromObject(message)).finish();
};
const decode = (type: string, bytes: Uint8Array): Record<string, unknown> =>
  root.lookupType(type).toObject(root.lookupType(type).decode(bytes), { longs: Number, enums: String, arrays: true });

test('requests are read as they were written, defaults and all', () => {
  for (const request of [
    { item: 'funghi', quantity: 3, name: 'Ada' },
    { item: '', quantity: 0, name: '' },
    { item: 'пицца 🍕', quantity: -1, name: 'x'.repeat(300) },
    { item: 'a', quantity: 2 ** 31 - 1, name: '\u0000' },
  ])
    assert.deepEqual(readOrderRequest(encode('shop.OrderRequest', request)), request);
  for (const id of [0, 1, 128, 2 ** 40, -1]) assert.equal(readFindRequest(encode('shop.FindRequest', { id })), id);
  const rating = { ingredients: ['Cheese', '', 'Basil'], dough: 'Thin' };
  assert.deepEqual(readPizzaRatingRequest(encode('quickpizza.PizzaRatingRequest', rating)), rating);
  for (const [kind, expected] of [
    ['KIND_PIZZA', 'pizza'],
    ['KIND_COFFEE', 'coffee'],
    ['KIND_UNSPECIFIED', undefined],
  ] satisfies [string, Kind | undefined][])
    assert.equal(readMenuRequest(encode('shop.MenuRequest', { kind })), expected);
});

test('a kind that there is none of is all of them, as an enum of a later version would be', () => {
  assert.equal(readMenuRequest(Uint8Array.of(8, 99)), undefined);
  assert.equal(readMenuRequest(Uint8Array.of(8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)), undefined);
});

test('fields of a later version are passed over, and of a field that comes twice the last counts', () => {
  const order = encode('shop.OrderRequest', { item: 'funghi', quantity: 3, name: 'Ada' });
  const unknown = Uint8Array.of(0x78, 1, 0x7d, 1, 2, 3, 4, 0x7a, 2, 9, 9, 0x79, 1, 2, 3, 4, 5, 6, 7, 8);
  assert.equal(readOrderRequest(Buffer.concat([unknown, order, unknown])).item, 'funghi');
  const again = encode('shop.OrderRequest', { quantity: 7 });
  assert.deepEqual(readOrderRequest(Buffer.concat([order, again])), { item: 'funghi', quantity: 7, name: 'Ada' });
  readNothing(unknown);
});

test('octets that are no message are refused, wherever they end', () => {
  const order = encode('shop.OrderRequest', { item: 'funghi', quantity: 300, name: 'Ada' });
  // Cut between two fields it is a message with fewer of them.
  const whole = new Set([0, 8, 11, order.length]);
  for (let length = 0; length <= order.length; length++) {
    const part = order.subarray(0, length);
    if (whole.has(length)) readOrderRequest(part);
    else assert.throws(() => readOrderRequest(part), Error, `${length} of ${order.length}`);
  }
  for (const octets of [[0x0b], [0x07], [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], [0xff]])
    assert.throws(() => readNothing(Uint8Array.from(octets)), Error, String(octets));
});

test('answers are read as what they are', () => {
  const { items } = decode('shop.MenuResponse', writeMenuResponse(MENU)) as { items: Record<string, unknown>[] };
  assert.deepEqual(
    items,
    MENU.map(({ id, name, kind, priceCents, ingredients }) => ({
      id,
      name,
      kind: `KIND_${kind.toUpperCase()}`,
      priceCents,
      ingredients,
    })),
  );
  const order = new Shop().order({ item: 'diavola', quantity: 100, name: 'Ада' });
  const told = decode('shop.OrderResponse', writeOrderResponse(order));
  assert.deepEqual(
    [told['id'], told['quantity'], told['totalCents'], told['name'], (told['item'] as { id: string }).id],
    [1, 100, 105_000, 'Ада', 'diavola'],
  );
  assert.deepEqual(decode('quickpizza.StatusResponse', writeStatusResponse(true)), { ready: true });
  assert.deepEqual(decode('quickpizza.PizzaRatingResponse', writePizzaRatingResponse(5)), { starsRating: 5 });
  assert.deepEqual(decode('shop.MenuResponse', writeMenuResponse([])), { items: [] });
});
