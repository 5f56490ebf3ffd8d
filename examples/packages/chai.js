// chai: assertions that are checks, with what jslib's k6chaijs has around it.
// try: --iterations 2
import http from 'k6/http';
import { describe, expect } from 'sixfold/jslib/k6chaijs';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10, thresholds: { checks: ['rate==1'] } };

export default function () {
  describe('the menu', () => {
    const response = http.get(`${shop}/menu`);
    expect(response.status, 'status').to.equal(200);
    expect(response.json(), 'menu').to.be.an('array').that.is.not.empty;
    expect(response.json('0'), 'first item').to.include.keys('id', 'priceCents');
  });
}
