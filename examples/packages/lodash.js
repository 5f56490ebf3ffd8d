// lodash: data of a response grouped, sorted and picked.
// try: --iterations 3
import { check } from 'k6';
import http from 'k6/http';
import _ from 'lodash';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10 };

export default function () {
  const menu = http.get(`${shop}/menu`).json();
  const cheapest = _.mapValues(_.groupBy(menu, 'kind'), (items) => _.minBy(items, 'priceCents').id);
  check(cheapest, {
    'both kinds are sold': (found) => _.isEqual(_.keys(found).sort(), ['coffee', 'pizza']),
    'the cheapest of a kind is on the menu': (found) => _.every(found, (id) => _.some(menu, { id })),
  });
}
