// Reads the menu as a stream of dishes, fetched only as fast as orders are written, two at most ahead.
// try: --iterations 1
import { check } from 'k6';
import { CountQueuingStrategy, ReadableStream, WritableStream } from 'k6/experimental/streams';
import http from 'k6/http';

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { iterations: 3 };

function dishes() {
  let left = 5;
  return new ReadableStream(
    {
      // It blocks, and with it this virtual user alone.
      pull(controller) {
        const menu = http.get(`${shop}/menu`);
        controller.enqueue({ status: menu.status, length: menu.body.length });
        if (--left === 0) controller.close();
      },
    },
    new CountQueuingStrategy({ highWaterMark: 2 }),
  );
}

export default async function () {
  const seen = [];
  const orders = new WritableStream({
    write(dish) {
      seen.push(dish);
    },
    close() {
      check(seen, { 'five menus came': (all) => all.length === 5 });
    },
  });
  const reader = dishes().getReader();
  const writer = orders.getWriter();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    check(step.value, { 'status is 200': (dish) => dish.status === 200 });
    await writer.write(step.value);
  }
  await writer.close();
}
