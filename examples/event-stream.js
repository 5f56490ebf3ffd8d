// Listens to a stream of server-sent events until ten have come. STREAM names its address; without one there is nothing to do here.
// needs: an event stream
// try: --iterations 1
import { check } from 'k6';
import sse from 'k6/x/sse';

const stream = __ENV.STREAM;

export const options = { vus: 1, iterations: 1 };

export default function () {
  if (!stream) {
    console.log('set STREAM, for example: -e STREAM=https://stream.example/events');
    return;
  }
  let seen = 0;
  const response = sse.open(stream, { headers: { 'Last-Event-ID': '0' }, tags: { feed: 'orders' } }, (client) => {
    client.on('event', (event) => {
      console.log(`${event.name || 'message'} ${event.id}: ${event.data}`);
      if (++seen === 10) client.close();
    });
    client.on('error', (error) => console.error(`${error.error_code}: ${error.error()}`));
  });
  check(response, { 'status is 200': (r) => r.status === 200, 'ten have come': () => seen === 10 });
}
