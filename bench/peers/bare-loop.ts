// The least that Node itself makes of 50 connections: sockets with a shared buffer for reads, the next request written when an answer has
// come, nothing parsed. What a load generator on Node costs over this is its own doing.
//   node bench/peers/bare-loop.ts URL CONNECTIONS SECONDS
import net from 'node:net';

const [target = '', connections = '50', seconds = '10'] = process.argv.slice(2);
const url = new URL(target);
const request = `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: bare-loop\r\n\r\n`;
const buffer = Buffer.alloc(64 * 1024);
const until = performance.now() + Number(seconds) * 1000;
let requests = 0;
for (let index = 0; index < Number(connections); index++) {
  const socket = net.connect({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread: {
      buffer,
      callback: () => {
        requests++;
        if (performance.now() < until) socket.write(request, 'latin1');
        else socket.destroy();
        return true;
      },
    },
  });
  socket.on('connect', () => socket.write(request, 'latin1'));
}
process.on('exit', () => console.log(JSON.stringify({ requests })));
