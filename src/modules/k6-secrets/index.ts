// `k6/secrets`: what no log and no result may show (https://grafana.com/docs/k6/latest/javascript-api/k6-secrets/).
import { createAttachedState } from '../../script/attached-state.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';

export const secretsModule: HostModule = {
  specifier: 'k6/secrets',
  create(environment) {
    const { realm } = environment;
    const get = realm.asyncFunction('get', 1, (key: unknown) => fetchSecret(environment, null, key));
    const names = createAttachedState<string>();
    const sourceClass = realm.hostClass({
      name: 'SecretSource',
      construct() {
        throw realm.error('TypeError', 'secrets.source(name) gives a source of secrets');
      },
      methods: {
        get: {
          length: 1,
          kind: 'async',
          async impl(this: unknown, key: unknown) {
            const name = names.of(this);
            if (name === null) throw new TypeError('this is not a source of secrets');
            return fetchSecret(environment, name, key);
          },
        },
      },
    });
    const source = realm.hostFunction('source', 1, (name: unknown) => {
      if (typeof name !== 'string' || name === '')
        throw new TypeError('secrets.source() takes the name of a source of secrets');
      const object = sourceClass.create();
      names.attach(object, name);
      return object;
    });
    const named = { get, source };
    return () => ({ named });
  },
};

async function fetchSecret({ realm, secrets }: VuEnvironment, source: string | null, key: unknown): Promise<string> {
  if (typeof key !== 'string' || key === '') throw new TypeError('secrets get() takes the name of a secret');
  // Made now, while the caller is on the stack: afterwards nobody could tell the place.
  const refusal = realm.error('Error', '');
  try {
    return await secrets.get(source, key);
  } catch (error) {
    const { message } = error as Error;
    Object.defineProperty(refusal, 'message', { value: message, writable: true, configurable: true });
    throw refusal;
  }
}
