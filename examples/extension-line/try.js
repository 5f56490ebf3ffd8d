// What line.test.js runs: `sixfold run try.js -e PORT=7000 --secret-source=env=prefix=APP_ --out lines=counts.txt`.
import { check } from 'k6';
import secrets from 'k6/secrets';
import line, { Client } from 'k6/x/line';

export const options = { vus: 3, iterations: 30, thresholds: { checks: ['rate==1'], line_answers: ['count==30'] } };

const client = new Client('lines.test', __ENV.PORT);

export default async function () {
  const token = await secrets.get('TOKEN');
  const { text, at } = client.ask(`echo ${token} ${__ITER}`);
  check(text, { 'the line came back': (answer) => answer === `echo ${token} ${__ITER}` });
  check(at, { 'with a time': (time) => time instanceof Date });
  check(line, {
    'data and functions are there': ({ defaults, checksum }) => defaults.port === 7 && checksum('a') === 97,
  });
}
