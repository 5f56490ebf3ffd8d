// What an old and a new client see: no deprecation unnoticed, and redirects that keep a POST a POST.
import { check } from 'k6';
import http from 'k6/http';
import grpc from 'k6/net/grpc';

const SHOP = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';
const GRPC = __ENV.SHOP_GRPC || '127.0.0.1:8802';
const shop = new grpc.Client();

export const options = {
  thresholds: { checks: ['rate==1'], 'http_req_duration{version:2}': ['p(95)<2000'] },
};

export default function () {
  // The version as a tag: both can be compared within one run.
  for (const version of ['1', '2']) {
    const menu = http.get(`${SHOP}/menu`, { tags: { version } });
    check(menu, {
      'the version is there': (r) => r.status === 200,
      'nothing of it is about to go': (r) => !('Deprecation' in r.headers) && !('Sunset' in r.headers),
    });
  }

  const body = JSON.stringify({ item: 'espresso', quantity: 1, name: 'Ada' });
  const moved = http.post(`${SHOP}/status/308`, body, { redirects: 0 });
  check(moved, { '308 says where to send it': (r) => r.status === 308 && r.headers['Location'] === '/' });

  const gone = http.get(`${SHOP}/status/410`, { responseCallback: http.expectedStatuses(410) });
  check(gone, { '410 for a version that was switched off': (r) => r.status === 410 });

  // A method of another version is not there.
  shop.connect(GRPC, { plaintext: true, reflect: true });
  const unknown = shop.invoke('shop.Statuses/Unimplemented', {});
  check(unknown, { 'a missing method is UNIMPLEMENTED': (r) => r.status === grpc.StatusUnimplemented });
  shop.close();
}
