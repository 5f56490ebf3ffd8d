// `k6`: check, fail, group, randomSeed, sleep (https://grafana.com/docs/k6/latest/javascript-api/k6/).
import type { HostModule } from '../../vu/environment.ts';
import { createCheck } from './check.ts';
import { createGroup } from './group.ts';
import { createRandomSeed } from './random-seed.ts';
import { createSleep } from './sleep.ts';

export const k6Module: HostModule = {
  specifier: 'k6',
  create(environment) {
    const { realm } = environment;
    const functions = {
      check: createCheck(environment),
      fail: realm.hostFunction('fail', 1, (message: unknown) => {
        throw realm.error('Error', message === undefined ? '' : String(message));
      }),
      group: createGroup(environment),
      randomSeed: createRandomSeed(environment),
      sleep: createSleep(environment),
    };
    const exports = { named: functions };
    return () => exports;
  },
};
