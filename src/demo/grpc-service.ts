import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { type Item, Refusal, type Shop } from './shop.ts';

/** One unary method: bytes in, bytes out. */
export type UnaryMethod = (request: Uint8Array) => Uint8Array;

/** A status other than OK, thrown by a method. */
export class StatusError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The .proto files are the ones in examples/, which scripts load as well. */
const PROTO_FILES = ['quickpizza.proto', 'shop.proto'].map((name) =>
  fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)),
);

const REFUSAL_STATUS = { invalid: 3, not_found: 5, sold_out: 8 } as const;
const KIND_NUMBER = { pizza: 1, coffee: 2 } as const;
const KINDS = [undefined, 'pizza', 'coffee'] as const;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The shop's services over gRPC, by path. The codec is protobufjs's, not our own, so that the demo is a check on the latter.
 */
export function grpcMethods(shop: Shop): ReadonlyMap<string, UnaryMethod> {
  const root = new protobuf.Root();
  for (const file of PROTO_FILES) protobuf.parse(readFileSync(file, 'utf8'), root, { keepCase: true });
  const methods = new Map<string, UnaryMethod>();
  const add = (path: string, handle: (request: Fields) => Fields) => {
    const [service = '', name = ''] = path.split('/');
    const method = root.lookupService(service).methods[name];
    if (!method) throw new Error(`no ${path} in ${PROTO_FILES.join(', ')}`);
    const [input, output] = [
      root.lookupType(scoped(service, method.requestType)),
      root.lookupType(scoped(service, method.responseType)),
    ];
    methods.set(`/${path}`, (bytes) =>
      output.encode(output.fromObject(refusalsAsStatus(handle, decode(input, bytes)))).finish(),
    );
  };
  add('quickpizza.GRPC/Status', () => ({ ready: true }));
  add('quickpizza.GRPC/RatePizza', ({ ingredients, dough }) => ({
    stars_rating: shop.rate(ingredients as string[], String(dough)),
  }));
  add('shop.Counter/Menu', ({ kind }) => ({ items: shop.menu(KINDS[Number(kind)]).map(itemFields) }));
  add('shop.Counter/Order', ({ item, quantity, name }) =>
    orderFields(shop.order({ item: String(item), quantity: Number(quantity), name: String(name) })),
  );
  add('shop.Counter/Find', ({ id }) => orderFields(shop.find(Number(id))));
  return methods;
}

function scoped(service: string, type: string): string {
  return `${service.slice(0, service.lastIndexOf('.'))}.${type}`;
}

function decode(type: protobuf.Type, bytes: Uint8Array): Fields {
  try {
    return type.toObject(type.decode(bytes), { defaults: true, arrays: true, longs: String });
  } catch (error) {
    throw new StatusError(13, `the request is no ${type.name}: ${(error as Error).message}`);
  }
}

function refusalsAsStatus(handle: (request: Fields) => Fields, request: Fields): Fields {
  try {
    return handle(request);
  } catch (error) {
    if (error instanceof Refusal) throw new StatusError(REFUSAL_STATUS[error.reason], error.message);
    throw error;
  }
}

function itemFields(item: Item): Fields {
  return {
    id: item.id,
    name: item.name,
    kind: KIND_NUMBER[item.kind],
    price_cents: item.priceCents,
    ingredients: item.ingredients,
  };
}

function orderFields(order: { id: number; item: Item; quantity: number; totalCents: number; name: string }): Fields {
  return {
    id: order.id,
    item: itemFields(order.item),
    quantity: order.quantity,
    total_cents: order.totalCents,
    name: order.name,
  };
}
