// `k6/experimental/streams` (https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/streams/).
import type { HostModule } from '../../vu/environment.ts';
import { streamClassesOf } from './stream-classes.ts';

export const streamsModule: HostModule = {
  specifier: 'k6/experimental/streams',
  create() {
    return (vu) => ({ named: { ...streamClassesOf(vu).named } });
  },
};
