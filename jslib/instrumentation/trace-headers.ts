// What http-instrumentation-tempo and -pyroscope share: requests of k6/http that carry headers of their own.
import exec from 'k6/execution';
import http from 'k6/http';

/** Headers for one request, or for all of a batch with one turn each. */
export interface Instrumentation {
  /** What the samples of a request get as metadata, which no series is made of. */
  readonly metadata: Readonly<Record<string, string>>;
  headers(): Record<string, string>;
}

type Fn = (...args: unknown[]) => unknown;
type Params = { headers?: Record<string, string> } & Record<string, unknown>;
type Names = 'get' | 'head' | 'post' | 'put' | 'patch' | 'del' | 'options' | 'request' | 'asyncRequest' | 'batch';

/** Functions of k6/http that take the same and give the same. */
export type Instrumented = Pick<typeof http, Names>;

/** An object with such functions. */
export class InstrumentedClient {
  declare get: typeof http.get;
  declare head: typeof http.head;
  declare post: typeof http.post;
  declare put: typeof http.put;
  declare patch: typeof http.patch;
  declare del: typeof http.del;
  declare options: typeof http.options;
  declare request: typeof http.request;
  declare asyncRequest: typeof http.asyncRequest;
  declare batch: typeof http.batch;

  constructor(functions: Instrumented) {
    Object.assign(this, functions);
  }
}

/** Where in the arguments the params stand. */
const POSITIONS = {
  ...{ get: 1, head: 1, post: 2, put: 2, patch: 2, del: 2, options: 2, request: 3, asyncRequest: 3 },
} as const satisfies Partial<Record<Names, number>>;

const withHeaders = (params: Params | null | undefined, own: Record<string, string>): Params => ({
  ...params,
  headers: { ...params?.headers, ...own },
});

/** A request of a batch: an address, a list of arguments or an object. */
function inBatch(request: unknown, own: Record<string, string>): unknown {
  if (typeof request === 'string') return ['GET', request, null, withHeaders(null, own)];
  if (Array.isArray(request)) {
    const [method, url, body = null, params] = request as [unknown, unknown, unknown?, Params?];
    return [method, url, body, withHeaders(params, own)];
  }
  const { params, ...rest } = request as { params?: Params };
  return { ...rest, params: withHeaders(params, own) };
}

/** @param begin is asked once for each call */
export function instrument(begin: () => Instrumentation): Instrumented {
  const around = (fn: Fn, change: (args: unknown[], one: Instrumentation) => unknown[]): Fn =>
    function instrumented(...args: unknown[]) {
      const one = begin();
      const { metadata } = exec.vu.metrics;
      const before = Object.keys(one.metadata).map((name) => [name, metadata[name]] as const);
      Object.assign(metadata, one.metadata);
      try {
        // A promise of asyncRequest() has taken the metadata when it comes.
        return fn(...change(args, one));
      } finally {
        for (const [name, value] of before)
          if (value === undefined) delete metadata[name];
          else metadata[name] = value;
      }
    };
  const functions: Record<string, Fn> = {};
  for (const [name, position] of Object.entries(POSITIONS)) {
    functions[name] = around(http[name as Names] as Fn, (args, one) => {
      const changed = [...args];
      while (changed.length < position) changed.push(null);
      changed[position] = withHeaders(changed[position] as Params, one.headers());
      return changed;
    });
  }
  functions['batch'] = around(http.batch as Fn, ([requests], one) => [
    Array.isArray(requests)
      ? requests.map((request) => inBatch(request, one.headers()))
      : Object.fromEntries(
          Object.entries(requests as object).map(([name, request]) => [name, inBatch(request, one.headers())]),
        ),
  ]);
  return functions as unknown as Instrumented;
}

/** Puts functions in the place of those that `import http from 'k6/http'` gives, for this virtual user. */
export function replaceHttp(functions: Instrumented): void {
  Object.assign(http, functions);
}
