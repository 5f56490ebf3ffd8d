// `k6/x/redis` (https://grafana.com/docs/k6/latest/javascript-api/k6-x-redis/).
import type { HostModule, ModuleExports, VuEnvironment } from '../../vu/environment.ts';
import { createClientClass } from './client-class.ts';

function createExports(environment: VuEnvironment): () => ModuleExports {
  const Client = createClientClass(environment);
  const exports = { named: { Client } };
  return () => exports;
}

export const redisModule: HostModule = { specifier: 'k6/x/redis', create: createExports };

/** Its older name. */
export const experimentalRedisModule: HostModule = {
  specifier: 'k6/experimental/redis',
  create(environment) {
    const make = createExports(environment);
    return (vu) => {
      // Said once, where the init code is tried, not by every virtual user.
      if (vu.idInTest === 0)
        environment.logger.log('warning', 'k6/experimental/redis is deprecated: import from k6/x/redis instead');
      return make();
    };
  },
};
