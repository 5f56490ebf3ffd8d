// The messages of examples/quickpizza.proto and examples/shop.proto, which scripts load: their numbers and types are those.
// Written with the reader and writer of @bufbuild/protobuf, not with our own codec, so that the demo is a check on the latter.
import { BinaryReader, BinaryWriter, type WireType } from '@bufbuild/protobuf/wire';
import type { Item, Kind, Order } from './shop.ts';

const KIND_NUMBER = { pizza: 1, coffee: 2 } as const;
const KINDS: readonly (Kind | undefined)[] = [undefined, 'pizza', 'coffee'];

export interface PizzaRatingRequest {
  readonly ingredients: string[];
  dough: string;
}

export interface OrderRequest {
  item: string;
  quantity: number;
  name: string;
}

/** Takes one field of a message; false where the message has no such field. */
type ReadField = (number: number, reader: BinaryReader) => boolean;

/** @throws where the bytes are no message */
function readMessage(bytes: Uint8Array, readField: ReadField): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType]: [number, WireType] = reader.tag();
    if (!readField(number, reader)) reader.skip(wireType, number);
  }
}

export function readNothing(bytes: Uint8Array): void {
  readMessage(bytes, () => false);
}

export function readPizzaRatingRequest(bytes: Uint8Array): PizzaRatingRequest {
  const request: PizzaRatingRequest = { ingredients: [], dough: '' };
  readMessage(bytes, (number, reader) => {
    if (number === 1) request.ingredients.push(reader.string());
    else if (number === 2) request.dough = reader.string();
    else return false;
    return true;
  });
  return request;
}

/** @returns the kind that the menu is asked for; undefined means all */
export function readMenuRequest(bytes: Uint8Array): Kind | undefined {
  let kind = 0;
  readMessage(bytes, (number, reader) => {
    if (number !== 1) return false;
    kind = reader.int32();
    return true;
  });
  return KINDS[kind];
}

export function readOrderRequest(bytes: Uint8Array): OrderRequest {
  const request: OrderRequest = { item: '', quantity: 0, name: '' };
  readMessage(bytes, (number, reader) => {
    if (number === 1) request.item = reader.string();
    else if (number === 2) request.quantity = reader.int32();
    else if (number === 3) request.name = reader.string();
    else return false;
    return true;
  });
  return request;
}

/** @returns the number of the order */
export function readFindRequest(bytes: Uint8Array): number {
  let id = 0;
  readMessage(bytes, (number, reader) => {
    if (number !== 1) return false;
    id = Number(reader.int64());
    return true;
  });
  return id;
}

export function writeStatusResponse(ready: boolean): Uint8Array {
  return new BinaryWriter().uint32(tag(1, VARINT)).bool(ready).finish();
}

export function writePizzaRatingResponse(stars: number): Uint8Array {
  return new BinaryWriter().uint32(tag(1, VARINT)).int32(stars).finish();
}

export function writeMenuResponse(items: readonly Item[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const item of items) writer.uint32(tag(1, BYTES)).bytes(writeItem(item));
  return writer.finish();
}

export function writeOrderResponse(order: Order): Uint8Array {
  return new BinaryWriter()
    .uint32(tag(1, VARINT))
    .int64(order.id)
    .uint32(tag(2, BYTES))
    .bytes(writeItem(order.item))
    .uint32(tag(3, VARINT))
    .int32(order.quantity)
    .uint32(tag(4, VARINT))
    .int32(order.totalCents)
    .uint32(tag(5, BYTES))
    .string(order.name)
    .finish();
}

function writeItem(item: Item): Uint8Array {
  const writer = new BinaryWriter()
    .uint32(tag(1, BYTES))
    .string(item.id)
    .uint32(tag(2, BYTES))
    .string(item.name)
    .uint32(tag(3, VARINT))
    .int32(KIND_NUMBER[item.kind])
    .uint32(tag(4, VARINT))
    .int32(item.priceCents);
  for (const ingredient of item.ingredients) writer.uint32(tag(5, BYTES)).string(ingredient);
  return writer.finish();
}

const VARINT = 0;
const BYTES = 2;

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}
