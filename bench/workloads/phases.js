// How far what is measured of a request's phases is from what the server says of them: a connection for each request.
import { sleep } from 'k6';
import http from 'k6/http';
import { Trend } from 'k6/metrics';

const PHASES = ['tls_handshaking', 'waiting', 'receiving'];
const errors = PHASES.map((phase) => new Trend(`error_${phase}`, true));
// Until the engine has compiled what it will run, both sides are slow: what is measured then says little of the time after it.
const measuredFrom = Date.now() + 1000 * Number(__ENV.WARM_UP ?? 0);

export const options = {
  insecureSkipTLSVerify: true,
  noConnectionReuse: true,
  summaryTrendStats: ['min', 'med', 'p(99)', 'max'],
};

export default function () {
  // All at once would measure how many handshakes a second the machine can do.
  if (__ITER === 0) sleep(Math.random());
  const { timings, body } = http.get(__ENV.PHASES);
  const truth = JSON.parse(body);
  if (Date.now() >= measuredFrom)
    for (const [index, phase] of PHASES.entries()) errors[index].add(Math.abs(timings[phase] - truth[phase]));
  sleep(1);
}
