// dayjs: dates in requests and responses, with plugins.
// try: --iterations 3
import dayjs from 'dayjs';
import duration from 'dayjs/plugin/duration.js';
import utc from 'dayjs/plugin/utc.js';
import { check } from 'k6';
import http from 'k6/http';

dayjs.extend(utc);
dayjs.extend(duration);

const shop = __ENV.SHOP_HTTP || 'http://127.0.0.1:8800';

export const options = { vus: 1, iterations: 10 };

export default function () {
  const day = dayjs.utc('2026-02-28').add(1, 'day').format('YYYY-MM-DD');
  const echo = http.get(`${shop}/echo?day=${day}`);
  const served = dayjs(echo.headers.Date);
  check(echo, {
    'the day arrived': (r) => r.body.includes('2026-03-01'),
    'the clocks agree': () => Math.abs(dayjs().diff(served, 'second')) < 3600,
    'time is told in words': () => dayjs.duration(90, 'minutes').asHours() === 1.5,
  });
}
