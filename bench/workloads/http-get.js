// Workload 1: HTTP/1.1 GET and a check, back to back.
import { check } from 'k6';
import http from 'k6/http';

const url = `${__ENV.HTTP}/hello`;

export default function () {
  const response = http.get(url);
  check(response, { 'status is 200': (r) => r.status === 200 });
}
