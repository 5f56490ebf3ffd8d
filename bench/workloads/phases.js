// How far what is measured of a request's phases is from what the server says of them: a connection for each request.
import { sleep } from 'k6';
import http from 'k6/http';
import { Trend } from 'k6/metrics';

const PHASES = ['tls_handshaking', 'waiting', 'receiving'];
const errors = PHASES.map((phase) => new Trend(`error_${phase}`, true));

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
  for (const [index, phase] of PHASES.entries()) errors[index].add(Math.abs(timings[phase] - truth[phase]));
  sleep(1);
}
