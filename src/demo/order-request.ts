import { Refusal } from './shop.ts';

export interface OrderWish {
  readonly item: string;
  readonly quantity: number;
  readonly name: string;
}

/**
 * What a customer has sent as JSON, by HTTP or WebSocket.
 * @throws Refusal for what is no order
 */
export function readOrder(wanted: unknown): OrderWish {
  const { item, quantity, name } = readObject(wanted, 'an order');
  return { item: readText(item, 'item'), quantity: Number(plainOf(quantity ?? 1)), name: readText(name ?? '', 'name') };
}

/** @throws Refusal for what is no JSON object */
export function readObject(wanted: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof wanted === 'object' && wanted !== null) return wanted as Record<string, unknown>;
  throw new Refusal('invalid', `${what} must be a JSON object`);
}

/** @throws Refusal for what is neither text nor number */
export function readText(value: unknown, name: string): string {
  const plain = plainOf(value);
  if (plain === undefined) throw new Refusal('invalid', `${name} must be a text`);
  return String(plain);
}

/** An object may say anything of itself where it is made a text: `{ "toString": 1 }`. */
function plainOf(value: unknown): string | number | boolean | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
