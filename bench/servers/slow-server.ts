// Answers every request 20 ms after it has come, as exactly as Node's timers allow: for what a generator that has time to spare costs,
// and how well it measures. Requests come whole and one at a time on a connection.
import net from 'node:net';

const DELAY_MS = 20;
const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';

const waiting: { readonly at: number; readonly socket: net.Socket }[] = [];

/** All requests wait equally long: the first to come is the first to be answered. */
function answerDue(): void {
  const now = performance.now();
  while (waiting.length > 0 && waiting[0]!.at <= now) {
    const { socket } = waiting.shift()!;
    if (!socket.destroyed) socket.write(answer, 'latin1');
  }
  if (waiting.length === 0) return;
  // Timers count whole milliseconds and wake late; for the last one the loop looks again and again.
  const left = waiting[0]!.at - now;
  if (left > 1.5) setTimeout(answerDue, left - 1.2);
  else setImmediate(answerDue);
}

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', () => {
    if (waiting.push({ at: performance.now() + DELAY_MS, socket }) === 1) answerDue();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as net.AddressInfo).port));
process.on('disconnect', () => process.exit());
