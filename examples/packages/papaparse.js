// papaparse: data of a CSV file, read once for all virtual users.
// try: --iterations 3
import { check } from 'k6';
import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import http from 'k6/http';
import Papa from 'papaparse';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

const people = new SharedArray(
  'people',
  () => Papa.parse(open('../people.csv'), { header: true, skipEmptyLines: true }).data,
);

export const options = { vus: 1, iterations: 10 };

export default function () {
  const person = people[exec.scenario.iterationInTest % people.length];
  const echo = http.post(`${shop}/echo`, Papa.unparse([person]));
  check(echo, { 'the row arrived': (r) => Object.values(person).every((value) => r.body.includes(value)) });
}
