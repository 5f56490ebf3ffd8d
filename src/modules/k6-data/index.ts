// `k6/data`: SharedArray, data that all virtual users read and nobody copies
// (https://grafana.com/docs/k6/latest/javascript-api/k6-data/sharedarray/).
import type { HostModule } from '../../vu/environment.ts';
import { sharedArrayOf } from './shared-array-class.ts';

export const dataModule: HostModule = {
  specifier: 'k6/data',
  create({ realm }) {
    const named = { SharedArray: sharedArrayOf(realm).constructor };
    return () => ({ named });
  },
};
