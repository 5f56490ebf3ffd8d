// Workload 7: 2,000 iterations a second, each a request to a server that takes 20 ms.
import http from 'k6/http';

const url = `${__ENV.SLOW}/`;

export const options = {
  summaryTrendStats: ['med', 'p(99)'],
  scenarios: {
    arrival: {
      executor: 'constant-arrival-rate',
      rate: 2000,
      timeUnit: '1s',
      duration: __ENV.DURATION,
      preAllocatedVUs: 200,
    },
  },
};

export default function () {
  http.get(url);
}
