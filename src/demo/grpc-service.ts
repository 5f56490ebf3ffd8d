import { Refusal, type Shop } from './shop.ts';
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
import { STATUS_METHODS } from './status-methods.ts';

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

const REFUSAL_STATUS = { invalid: 3, not_found: 5, sold_out: 8 } as const;

/** The shop's services over gRPC, by path. */
export function grpcMethods(shop: Shop): ReadonlyMap<string, UnaryMethod> {
  return new Map([
    ['/quickpizza.GRPC/Status', method(readNothing, () => writeStatusResponse(true))],
    [
      '/quickpizza.GRPC/RatePizza',
      method(readPizzaRatingRequest, ({ ingredients, dough }) =>
        writePizzaRatingResponse(shop.rate(ingredients, dough)),
      ),
    ],
    ['/shop.Counter/Menu', method(readMenuRequest, (kind) => writeMenuResponse(shop.menu(kind)))],
    ['/shop.Counter/Order', method(readOrderRequest, (request) => writeOrderResponse(shop.order(request)))],
    ['/shop.Counter/Find', method(readFindRequest, (id) => writeOrderResponse(shop.find(id)))],
    ...STATUS_METHODS.map((name, status): [string, UnaryMethod] => [
      `/shop.Statuses/${name}`,
      () => {
        if (status > 0) throw new StatusError(status, `status ${status}, as you asked`);
        return new Uint8Array();
      },
    ]),
  ]);
}

function method<Request>(read: (bytes: Uint8Array) => Request, answer: (request: Request) => Uint8Array): UnaryMethod {
  return (bytes) => refusalsAsStatus(answer, readRequest(read, bytes));
}

function readRequest<Request>(read: (bytes: Uint8Array) => Request, bytes: Uint8Array): Request {
  try {
    return read(bytes);
  } catch (error) {
    throw new StatusError(13, `the request cannot be read: ${(error as Error).message}`);
  }
}

function refusalsAsStatus<Request>(answer: (request: Request) => Uint8Array, request: Request): Uint8Array {
  try {
    return answer(request);
  } catch (error) {
    if (error instanceof Refusal) throw new StatusError(REFUSAL_STATUS[error.reason], error.message);
    throw error;
  }
}
