// `k6/timers`: the timer globals by another name.
import type { HostModule } from '../../vu/environment.ts';
import { timerFunctions } from '../../vu/timers.ts';

export const timersModule: HostModule = {
  specifier: 'k6/timers',
  create(environment) {
    const functions = timerFunctions(environment);
    const exports = { named: { ...functions } };
    return () => exports;
  },
};
