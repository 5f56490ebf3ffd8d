// k6/net/grpc (k6 page "k6/net/grpc").
import type { HostModule } from '../../vu/environment.ts';
import { CallSamples } from './call-samples.ts';
import { createClientClass } from './client-class.ts';
import { HEALTH_STATUSES, STATUSES } from './constants.ts';
import { ResponseFactory } from './response.ts';
import { createStreamClass } from './stream-class.ts';

export const grpcModule: HostModule = {
  specifier: 'k6/net/grpc',
  create(environment) {
    const { realm } = environment;
    const samples = new CallSamples(environment);
    const responses = new ResponseFactory(realm);
    const clients = createClientClass(environment, samples, responses);
    const members = {
      Client: clients.constructor,
      Stream: createStreamClass(environment, samples, responses, clients),
      ...STATUSES,
      ...HEALTH_STATUSES,
    };
    const exports = { named: members };
    return () => exports;
  },
};
