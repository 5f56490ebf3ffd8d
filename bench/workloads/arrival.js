// Workload 7: 2,000 iterations a second, or as many as RATE says, each a request to a server that takes 20 ms.
import http from 'k6/http';

const url = `${__ENV.SLOW}/`;
const rate = Number(__ENV.RATE ?? 2000);

export const options = {
  summaryTrendStats: ['med', 'p(99)'],
  scenarios: {
    arrival: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: __ENV.DURATION,
      // Five times as many as are at work while nobody is late.
      preAllocatedVUs: rate / 10,
    },
  },
};

export default function () {
  http.get(url);
}
