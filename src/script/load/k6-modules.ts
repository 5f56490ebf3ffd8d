// The one table of the modules that scripts import by a `k6…` name: whoever needs a list of them derives it from here.

export interface ModuleTraits {
  /** Some of its functions block, or call a function of the script that may: packages that hold one are instrumented. */
  readonly suspends: boolean;
}

/** Those that are here; what makes them stands in `modules/registry.ts`. */
const TABLE = {
  k6: { suspends: true },
  'k6/crypto': { suspends: false },
  'k6/crypto/x509': { suspends: false },
  'k6/data': { suspends: false },
  'k6/encoding': { suspends: false },
  'k6/execution': { suspends: false },
  'k6/experimental/csv': { suspends: false },
  'k6/experimental/fs': { suspends: false },
  'k6/experimental/redis': { suspends: false },
  'k6/experimental/streams': { suspends: true },
  'k6/experimental/websockets': { suspends: true },
  'k6/html': { suspends: true },
  'k6/http': { suspends: true },
  'k6/metrics': { suspends: false },
  'k6/net/grpc': { suspends: true },
  'k6/secrets': { suspends: false },
  'k6/timers': { suspends: false },
  'k6/websockets': { suspends: true },
  'k6/ws': { suspends: true },
  'k6/x/dns': { suspends: false },
  'k6/x/faker': { suspends: false },
  'k6/x/mqtt': { suspends: true },
  'k6/x/redis': { suspends: false },
  'k6/x/sql': { suspends: true },
  'k6/x/sql/driver/mysql': { suspends: false },
  'k6/x/sql/driver/postgres': { suspends: false },
  'k6/x/sql/driver/sqlite3': { suspends: false },
  'k6/x/sse': { suspends: true },
  'k6/x/ssh': { suspends: true },
  'k6/x/tcp': { suspends: true },
  'k6/x/tls': { suspends: false },
} as const satisfies Readonly<Record<string, ModuleTraits>>;

/** The name of a module that is here. */
export type K6Module = keyof typeof TABLE;

/** The modules that scripts can import here, in the order of the table. */
export const K6_MODULES = Object.keys(TABLE) as readonly K6Module[];

/** Those that k6 2.2 has beside them (https://grafana.com/docs/k6/latest/javascript-api/). */
export const ABSENT_MODULES: ReadonlySet<string> = new Set(['k6/browser']);

/** Extensions of k6 that scripts may ask for, with the reason why they are not here; a package may give them all the same. */
export const ABSENT_EXTENSIONS: Readonly<Record<string, string>> = {
  'k6/x/icmp': 'it needs raw sockets, which Node does not have',
  'k6/x/kafka':
    'no maintained client of Kafka lets its connections be made for it, so the options of the test would not hold',
  'k6/x/loki': 'logs go to Loki by --log-output loki',
};

/** Names that older versions of k6 had, with what to do instead. */
export const REMOVED_MODULES: Readonly<Record<string, string>> = {
  'k6/experimental/browser': "import from 'k6/browser' instead",
  'k6/experimental/grpc': "import from 'k6/net/grpc' instead",
  'k6/experimental/timers': "import from 'k6/timers' instead",
  'k6/experimental/tracing':
    "use the library https://jslib.k6.io/http-instrumentation-tempo/ (Tempo's HTTP instrumentation) instead",
  'k6/experimental/webcrypto': 'use the global crypto instead',
  'k6/webcrypto': 'use the global crypto instead',
};

/** Those that stand on a package which may not be installed: loaded only where a script names them. */
export const PEER_MODULES: ReadonlySet<string> = new Set<K6Module>([
  'k6/x/faker',
  'k6/x/mqtt',
  'k6/x/sql/driver/mysql',
  'k6/x/sql/driver/postgres',
  'k6/x/ssh',
]);

/** Whether a module of that name is here. */
export function isK6Module(specifier: string): specifier is K6Module {
  return Object.hasOwn(TABLE, specifier);
}

/** Whether a function of the module may suspend a virtual user; of what is none of k6's modules nothing is known. */
export function suspends(specifier: string): boolean {
  return !isK6Module(specifier) || TABLE[specifier].suspends;
}
