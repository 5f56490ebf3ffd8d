// Workload 14: many virtual users that sleep: what each takes, and how long it takes to make them.
import { sleep } from 'k6';

export const options = {
  scenarios: { asleep: { executor: 'constant-vus', vus: Number(__ENV.USERS), duration: '5s', gracefulStop: '0s' } },
};

export default function () {
  sleep(60);
}
