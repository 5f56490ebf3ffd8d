/** What the shop sells, and to whom: the one state that HTTP and gRPC share. */

export type Kind = 'pizza' | 'coffee';

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly kind: Kind;
  readonly priceCents: number;
  readonly ingredients: readonly string[];
}

export interface Order {
  readonly id: number;
  readonly item: Item;
  readonly quantity: number;
  readonly totalCents: number;
  readonly name: string;
}

/** Why the shop refuses: mapped to an HTTP and to a gRPC status by the two fronts. */
export class Refusal extends Error {
  readonly reason: 'invalid' | 'not_found' | 'sold_out';

  constructor(reason: Refusal['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export const MENU: readonly Item[] = [
  { id: 'margherita', name: 'Margherita', kind: 'pizza', priceCents: 850, ingredients: ['Tomato', 'Cheese', 'Basil'] },
  { id: 'funghi', name: 'Funghi', kind: 'pizza', priceCents: 950, ingredients: ['Tomato', 'Cheese', 'Mushrooms'] },
  {
    id: 'diavola',
    name: 'Diavola',
    kind: 'pizza',
    priceCents: 1050,
    ingredients: ['Tomato', 'Cheese', 'Salami', 'Chili'],
  },
  {
    id: 'hawaii',
    name: 'Hawaii',
    kind: 'pizza',
    priceCents: 1000,
    ingredients: ['Tomato', 'Cheese', 'Ham', 'Pineapple'],
  },
  { id: 'espresso', name: 'Espresso', kind: 'coffee', priceCents: 220, ingredients: ['Coffee'] },
  { id: 'cappuccino', name: 'Cappuccino', kind: 'coffee', priceCents: 320, ingredients: ['Coffee', 'Milk'] },
];

const DOUGHS = ['Thick', 'Thin'];
const LARGEST_QUANTITY = 100;
/** The oldest orders are forgotten, so that a long test does not fill the memory. */
const ORDERS_KEPT = 10_000;

/** The shop itself, whatever protocol its customers speak. Prices are in cents. */
export class Shop {
  readonly #orders = new Map<number, Order>();
  #lastId = 0;

  menu(kind?: Kind): readonly Item[] {
    return kind === undefined ? MENU : MENU.filter((item) => item.kind === kind);
  }

  /** @throws Refusal where there is no such thing on the menu */
  item(id: string): Item {
    const item = MENU.find((one) => one.id === id);
    if (!item) throw new Refusal('not_found', `there is no "${id}" on the menu`);
    return item;
  }

  /** @throws Refusal for a wrong quantity, or something that is not on the menu */
  order(request: { item: string; quantity: number; name: string }): Order {
    const { quantity, name } = request;
    if (!Number.isInteger(quantity) || quantity < 1)
      throw new Refusal('invalid', 'quantity must be a whole number from 1 on');
    const item = this.item(request.item);
    if (quantity > LARGEST_QUANTITY)
      throw new Refusal('sold_out', `no more than ${LARGEST_QUANTITY} ${item.name} at once`);
    const order = { id: ++this.#lastId, item, quantity, totalCents: quantity * item.priceCents, name };
    this.#orders.set(order.id, order);
    this.#orders.delete(order.id - ORDERS_KEPT);
    return order;
  }

  /** @throws Refusal where there is no such order, or no longer */
  find(id: number): Order {
    const order = this.#orders.get(id);
    if (!order) throw new Refusal('not_found', `there is no order ${id}`);
    return order;
  }

  /**
   * How good a pizza will be, in stars from 1 to 5: cheese is a must, four ingredients are enough.
   * @throws Refusal without ingredients, or for an unknown dough
   */
  rate(ingredients: readonly string[], dough: string): number {
    if (ingredients.length === 0) throw new Refusal('invalid', 'a pizza needs ingredients');
    if (dough !== '' && !DOUGHS.includes(dough))
      throw new Refusal('invalid', `dough must be one of: ${DOUGHS.join(', ')}`);
    const cheese = ingredients.some((ingredient) => /cheese|mozzarella/i.test(ingredient)) ? 2 : 0;
    const fruit = ingredients.some((ingredient) => /pineapple/i.test(ingredient)) ? 1 : 0;
    return Math.max(1, Math.min(5, 1 + cheese + Math.min(ingredients.length, 4) / 2 - fruit) | 0);
  }
}
