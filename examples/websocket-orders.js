// Orders over a WebSocket and hears how they get on, with several orders under way on each socket.
// try: --iterations 4 --vus 2
import { check } from 'k6';
import { Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

const shop = __ENV.SHOP_WS || 'ws://127.0.0.1:8800';
const ORDERS = 3;

const timeToReady = new Trend('time_to_ready', true);

export const options = {
  vus: 5,
  iterations: 50,
  thresholds: { time_to_ready: ['p(95)<2000'], ws_failures: ['count==0'] },
};

export default function () {
  const socket = new WebSocket(`${shop}/counter`, null, { tags: { name: 'counter' } });
  const placed = new Map();
  let ready = 0;

  socket.onopen = () => {
    for (let i = 0; i < ORDERS; i++) socket.send(JSON.stringify({ item: 'margherita', quantity: i + 1, name: 'Ada' }));
  };
  socket.onmessage = ({ data }) => {
    const { state, order, id } = JSON.parse(data);
    if (state === 'placed') {
      placed.set(order.id, Date.now());
      check(order, { 'the price is right': ({ totalCents, quantity }) => totalCents === 850 * quantity });
    } else if (state === 'ready') {
      timeToReady.add(Date.now() - placed.get(id));
      if (++ready === ORDERS) socket.close();
    }
  };
  socket.onclose = ({ code }) => {
    check(null, { 'all are ready': () => ready === ORDERS, 'it ended well': () => code === 1000 });
  };
}
