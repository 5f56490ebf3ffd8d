// `k6/data`: SharedArray, data that all virtual users read and nobody copies
// (https://grafana.com/docs/k6/latest/javascript-api/k6-data/sharedarray/).
import type { HostModule } from '../../vu/environment.ts';
import { findSharedData, keepSharedData } from '../../vu/shared-data.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { installSharedArray } from './shared-array.ts';

export const dataModule: HostModule = {
  specifier: 'k6/data',
  create({ realm }) {
    const install = realm.evaluate(`'use strict';(${String(installSharedArray)})`) as typeof installSharedArray;
    const SharedArray = install({
      find: realm.hostFunction('find', 1, (name: unknown) => {
        if ((realm.vu as VirtualUser).phase !== 'init') {
          throw realm.error('Error', 'new SharedArray must be called in the init context');
        }
        if (typeof name !== 'string' || name === '') {
          throw realm.error('TypeError', "empty name provided to SharedArray's constructor");
        }
        return findSharedData(name)?.length ?? -1;
      }),
      keep: realm.hostFunction('keep', 2, (name: string, elements: readonly string[]) =>
        keepSharedData(name, Array.from(elements)),
      ),
      element: realm.hostFunction('element', 2, (name: string, index: number) => findSharedData(name)?.[index]),
    } as unknown as Parameters<typeof installSharedArray>[0]);
    return () => ({ named: { SharedArray } });
  },
};
