// Whether a host is there, and how far it is, before and beside the load – by ICMP, PING_HOST being this machine unless set.
// needs: ping
// try: --iterations 2
import { check } from 'k6';
import { ping, pingAsync } from 'k6/x/icmp';

const host = __ENV.PING_HOST || '127.0.0.1';

export const options = {
  iterations: 5,
  thresholds: { icmp_rtt: ['p(95)<100'], icmp_errors: ['count<1'] },
};

export function setup() {
  if (!ping(host, { timeout: '2s' })) throw new Error(`${host} does not answer`);
}

export default async function () {
  const times = [];
  const isThere = await pingAsync(host, { count: 3, interval: '500ms', threshold: 60 }, (err, reply) => {
    if (err) console.error(`${reply.target}: ${err.message}`);
    else times.push(reply.received_at - reply.sent_at);
  });
  check(times, {
    'two of three came back': () => isThere,
    'within a second': (list) => list.every((ms) => ms < 1000),
  });
}
