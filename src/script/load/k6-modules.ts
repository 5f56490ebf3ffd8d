// What the compiler knows of the modules that scripts import by a `k6…` name. What makes them stands in `modules/registry.ts`, further up.
import { MODULE_TRAITS } from './module-traits.ts';

/** The name of a module that is here. */
export type K6Module = keyof typeof MODULE_TRAITS;

/** The modules that scripts can import here, in the order of the table. */
export const K6_MODULES = Object.keys(MODULE_TRAITS) as readonly K6Module[];

/** Extensions of k6 that scripts may ask for, with the reason why they are not here; a package may give them all the same. */
export const ABSENT_EXTENSIONS: Readonly<Record<string, string>> = {
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
    "use the library https://jslib.k6.io/http-instrumentation-tempo/ (Tempo's HTTP instrumentation) instead, or 'sixfold/jslib/http-instrumentation-tempo', which is built in",
  'k6/experimental/webcrypto': 'use the global crypto instead',
  'k6/webcrypto': 'use the global crypto instead',
};

/** Those that stand on a package, or a program, which may not be installed: loaded only where a script names them. */
export const PEER_MODULES: ReadonlySet<string> = new Set(K6_MODULES.filter((name) => 'isPeer' in MODULE_TRAITS[name]));

/** Whether a module of that name is here. */
export function isK6Module(specifier: string): specifier is K6Module {
  return Object.hasOwn(MODULE_TRAITS, specifier);
}

/** Whether a function of the module may suspend a virtual user; of what is none of k6's modules nothing is known. */
export function suspends(specifier: string): boolean {
  return !isK6Module(specifier) || MODULE_TRAITS[specifier].suspends;
}
