// `k6/ws`, the older of the two (https://grafana.com/docs/k6/latest/javascript-api/k6-ws/): connect() blocks until the socket has closed.
import type { HostModule } from '../../vu/environment.ts';
import { createConnect } from './connect.ts';

export const wsModule: HostModule = {
  specifier: 'k6/ws',
  create(environment) {
    const named = { connect: createConnect(environment) };
    return () => ({ named });
  },
};
