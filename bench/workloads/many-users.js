// Workload 5: memory: a request, then two seconds of waiting.
import { sleep } from 'k6';
import http from 'k6/http';

const url = `${__ENV.HTTP}/hello`;

export default function () {
  http.get(url);
  sleep(2);
}
