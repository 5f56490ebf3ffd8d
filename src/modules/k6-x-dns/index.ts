// `k6/x/dns`: questions to name servers (https://grafana.com/docs/k6/latest/javascript-api/k6-x-dns/).
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { toScriptError } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { toWireError } from '../../wire/net/raw-errors.ts';
import { lookUpName } from '../../wire/net/system-lookup.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { QuestionSamples } from './dns-metrics.ts';
import { NameServers, type RecordType, readNameServer } from './name-servers.ts';

const MOST_NAME = 253;

export const dnsModule: HostModule = {
  specifier: 'k6/x/dns',
  create(environment) {
    const named = createFunctions(environment);
    return () => ({ named });
  },
};

type Outcome = readonly string[] | WireError;

function createFunctions(environment: VuEnvironment): Record<string, unknown> {
  const { realm } = environment;
  const servers = new NameServers();
  const resolutions = new QuestionSamples(environment, 'resolution');
  const lookups = new QuestionSamples(environment, 'lookup');

  /** Waits for an answer, measures it, and gives it to the script. */
  const answer = (
    vu: VirtualUser,
    samples: QuestionSamples,
    tags: Readonly<Record<string, string>>,
    ask: (done: (outcome: Outcome) => void) => () => void,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      let isOver = false;
      const finish = (outcome: Outcome): void => {
        if (isOver) return;
        isOver = true;
        forget();
        const error = outcome instanceof WireError ? outcome : null;
        samples.add(vu, { durationMs: performance.now() - began, error, tags });
        if (outcome instanceof WireError) reject(toScriptError(realm, outcome));
        else resolve(realm.fromHost(outcome));
      };
      // An iteration that is interrupted does not hear of the answer, but what was asked counts.
      let cancel = (): void => {};
      const forget = vu.onInterrupt(() => {
        cancel();
        finish(new WireError(1030, 'lookup: cancelled'));
      });
      cancel = ask(finish);
    });

  return {
    resolve: realm.asyncFunction('resolve', 3, async (query: unknown, recordType: unknown, nameserver: unknown) => {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('resolving names');
      const name = readName('resolve', query);
      const type = readType(recordType);
      const given = typeof nameserver === 'string' ? nameserver : '';
      if (given === '') throw new TypeError("resolve() takes the name server as its third argument: '8.8.8.8:53'");
      const server = readNameServer(given);
      return answer(vu, resolutions, { query: name, record_type: type, nameserver: given }, (done) =>
        servers.ask(vu, { name, type, server }, done),
      );
    }),
    lookup: realm.asyncFunction('lookup', 1, async (hostname: unknown) => {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('looking up names');
      const name = readName('lookup', hostname);
      return answer(vu, lookups, { hostname: name }, (done) => {
        lookUpName(name, 'both', (error, addresses) =>
          done(error === null ? [...new Set(addresses)] : toWireError(error, 'lookup')),
        );
        return () => {};
      });
    }),
  };
}

/** @throws TypeError for what is no name of a host */
function readName(what: string, given: unknown): string {
  if (typeof given !== 'string' || given === '') throw new TypeError(`${what}() takes a name such as 'example.com'`);
  const labels = given.replace(/\.$/, '').split('.');
  if (given.length > MOST_NAME + 1 || labels.some((label) => label === '' || label.length > 63 || /[\s\0]/.test(label)))
    throw new TypeError(`${what}() cannot ask for ${JSON.stringify(given.slice(0, 300))}: it is no name of a host`);
  return given;
}

/** @throws TypeError for a type that is not supported */
function readType(given: unknown): RecordType {
  const type = String(given).toUpperCase();
  if (type === 'A' || type === 'AAAA') return type;
  throw new TypeError(`resolve() knows the record types A and AAAA, not ${JSON.stringify(String(given))}`);
}
