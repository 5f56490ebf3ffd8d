// Test data from a CSV file: read once, shared by all virtual users, a row for each iteration.
// try: --iterations 6
import { check } from 'k6';
import exec from 'k6/execution';
import csv from 'k6/experimental/csv';
import { open } from 'k6/experimental/fs';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const people = await csv.parse(await open('people.csv'), { asObjects: true });

export const options = { vus: 2, iterations: 30 };

export default function () {
  const { name, pizza, quantity } = people[exec.scenario.iterationInTest % people.length];
  const response = http.get(http.url`${shop}/menu?for=${encodeURIComponent(name)}`);
  check(response, { 'status is 200': (r) => r.status === 200 });
  check(
    { pizza, quantity: Number(quantity) },
    { 'the row is complete': (row) => row.pizza !== '' && row.quantity > 0 },
  );
}
