// A protocol of your own over a plain socket: here three lines of HTTP, written by hand, to the demo shop.
// try: --iterations 4
import { check } from 'k6';
import { Socket } from 'k6/x/tcp';

const [, host, port] = /^http:\/\/([^:/]+):(\d+)/.exec(__ENV.SHOP_HTTP || 'http://127.0.0.1:8800');

export const options = {
  vus: 2,
  iterations: 20,
  thresholds: { tcp_errors: ['count==0'], tcp_socket_connecting: ['p(95)<1000'] },
};

export default async function () {
  const socket = new Socket({ tags: { service: 'shop' } });
  let answer = '';
  const closed = new Promise((resolve) => {
    socket.on('close', resolve);
  });
  socket.on('data', (data) => {
    answer += String.fromCharCode.apply(null, data);
  });
  socket.on('error', (error) => console.error(`${error.error_code}: ${error.message}`));
  socket.on('timeout', () => socket.destroy());
  socket.setTimeout(5000);
  await socket.connect(port, host);
  await socket.write(`GET /menu HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  await closed;
  check(answer, {
    'it answers in HTTP': (text) => text.startsWith('HTTP/1.1 200'),
    'to the end': () => socket.bytes_read === answer.length,
  });
}
