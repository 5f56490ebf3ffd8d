import type { Use } from './use.ts';

/** The part of `CODE_USES` on names, connections and proxies, and on what is general. */
export const CONNECTION_USES = {
  1000: {
    right: [
      'A header that the script set cannot be sent as it is',
      'A failure that only the message tells of',
      'A case that is too rare to have a number',
    ],
    wrong: [
      { text: 'The answer was no HTTP', instead: 1041 },
      { text: "An exception in code of Sixfold's own", instead: 1001 },
      { text: 'An errno that is in no table, on an open connection', instead: 1202 },
    ],
  },
  1001: {
    right: [
      "An exception that the log shows with a stack of Sixfold's files",
      'An answer that Sixfold cannot cope with, though it keeps to the protocol',
      'A case to be reported, with what the server sent',
    ],
    wrong: [
      { text: 'The script threw', instead: 1000 },
      { text: 'The server answered with a bug of its own', instead: 1500 },
      { text: 'The answer broke the protocol', instead: 1041 },
    ],
  },
  1010: {
    right: [
      'The socket to a name server over UDP cannot be made',
      'A Unix socket is not there',
      'The message names a kind of socket other than TCP',
    ],
    wrong: [
      { text: 'The name server did not answer', instead: 1102 },
      { text: 'A TCP connection was refused', instead: 1212 },
      { text: 'An errno of TCP that is in no table', instead: 1213 },
    ],
  },
  1020: {
    right: [
      'An address with a space in the name of the host',
      'A scheme such as ftp://',
      'An address from a file, with quotes around it',
    ],
    wrong: [
      { text: 'The address is right, the name does not exist', instead: 1101 },
      { text: 'The port is over 65535', instead: 1210 },
      { text: '`blockHostnames` forbids the name', instead: 1111 },
    ],
  },
  1030: {
    right: [
      'A request that was under way when the test ended',
      'Iterations over at the end of gracefulStop',
      'The script closed a stream with calls in it',
    ],
    wrong: [
      { text: "The request's own `timeout` was over", instead: 1050 },
      { text: 'The server closed the connection', instead: 1040 },
      { text: 'The server reset the stream with CANCEL', instead: 1639 },
    ],
  },
  1040: {
    right: [
      'The server was stopped between request and answer',
      'The body was shorter than Content-Length said',
      'A worker process was killed for want of memory',
    ],
    wrong: [
      { text: 'The peer sent a reset', instead: 1220 },
      { text: 'The body came whole, but cannot be unpacked', instead: 1701 },
      { text: 'A WebSocket ended without a close frame', instead: 1903 },
    ],
  },
  1041: {
    right: [
      'HTTP/1.1 was spoken to a port of HTTP/2 or of a database',
      'A proxy put two Content-Length headers in',
      'A gRPC call with two messages where one was due',
    ],
    wrong: [
      { text: 'TLS was spoken to a port of plain HTTP', instead: 1301 },
      { text: 'The headers are right, but too large', instead: 1042 },
      { text: 'The body is not what Content-Encoding says', instead: 1701 },
    ],
  },
  1042: {
    right: [
      'A cookie that grows with each answer',
      'A debugging header with a whole trace in it',
      'Headers that a proxy adds once per hop',
    ],
    wrong: [
      { text: 'The server finds the headers of the request too large', instead: 1431 },
      { text: 'The body is too large', instead: 1702 },
      { text: 'A header line that cannot be read', instead: 1041 },
    ],
  },
  1050: {
    right: [
      'The answer began, but its body did not end in time',
      'All workers of the server were busy',
      'A database lock was held longer than `timeout`',
    ],
    wrong: [
      { text: 'No connection came about', instead: 1211 },
      { text: 'The handshake of TLS took too long', instead: 1323 },
      { text: 'A proxy gave up waiting, and said so', instead: 1504 },
    ],
  },
  1100: {
    right: [
      'The name server answered with a format error',
      'The name server does not know this kind of question',
      'getaddrinfo failed with a code of the system',
    ],
    wrong: [
      { text: 'The name does not exist', instead: 1101 },
      { text: 'The name server says "try again"', instead: 1103 },
      { text: 'Nothing came back', instead: 1102 },
    ],
  },
  1101: {
    right: [
      'A slip of the pen in the name',
      'The service of a cluster is in another namespace',
      'The name has IPv6 addresses only, and the policy wants IPv4',
    ],
    wrong: [
      { text: 'The name server could not find out', instead: 1103 },
      { text: 'The name is known, but its machine does not answer', instead: 1211 },
      { text: 'The options forbid the name', instead: 1111 },
    ],
  },
  1102: {
    right: [
      'A firewall drops packets to port 53',
      'The name server limits the questions of one client',
      'A packet was lost, under load',
    ],
    wrong: [
      { text: 'The name server said that it failed', instead: 1103 },
      { text: 'Nobody listens at the address of the name server', instead: 1104 },
      { text: 'The name was found, connecting took too long', instead: 1211 },
    ],
  },
  1103: {
    right: [
      'The name servers of the domain are down',
      'DNSSEC signatures have expired',
      'The load generator has lost its network',
    ],
    wrong: [
      { text: 'The name server refuses this client', instead: 1104 },
      { text: 'The name does not exist', instead: 1101 },
      { text: 'No answer came', instead: 1102 },
    ],
  },
  1104: {
    right: [
      'The name server answers only its own network',
      '/etc/resolv.conf names a machine without a name server',
      'A view or an access list leaves this machine out',
    ],
    wrong: [
      { text: 'The name server is overloaded and silent', instead: 1102 },
      { text: 'The server of the test refuses the connection', instead: 1212 },
      { text: 'The zone is broken', instead: 1103 },
    ],
  },
  1110: {
    right: [
      'A name leads into a network that the test must not touch',
      'A redirect leads to 10.0.0.1',
      'A name resolved to 127.0.0.1 in a container',
    ],
    wrong: [
      { text: 'The name itself is forbidden', instead: 1111 },
      { text: 'A firewall forbids the address', instead: 1211 },
      { text: 'The network cannot be reached', instead: 1215 },
    ],
  },
  1111: {
    right: [
      'An analytics script on the page is to be left out',
      'A redirect leads to a third party',
      'A pattern with * that takes in more than was meant',
    ],
    wrong: [
      { text: 'The address is forbidden, not the name', instead: 1110 },
      { text: 'The name does not exist', instead: 1101 },
      { text: 'A proxy refuses to connect to the name', instead: 1230 },
    ],
  },
  1200: {
    right: [
      'A connection failed, and the system said nothing about it',
      'A proxy or a library hid the errno',
      'Only the message tells more',
    ],
    wrong: [
      { text: 'The peer sent a reset', instead: 1220 },
      { text: 'Connecting failed', instead: 1210 },
      { text: 'The errno is named, but in no table', instead: 1202 },
    ],
  },
  1201: {
    right: [
      'A large body was sent to a server that had answered 413 and closed',
      'A kept connection was closed just as it was used',
      'The server was stopped in the middle of an upload',
    ],
    wrong: [
      { text: 'The peer reset the connection before anything was written', instead: 1220 },
      { text: 'The answer was cut off', instead: 1040 },
      { text: "The server's answer 413 came through", instead: 1413 },
    ],
  },
  1202: {
    right: [
      'ETIMEDOUT on a connection that was open: the peer vanished',
      'The kernel has no buffers left',
      'The network interface went down',
    ],
    wrong: [
      { text: 'The same errno while connecting', instead: 1213 },
      { text: 'The peer reset the connection', instead: 1220 },
      { text: 'No answer came within `timeout`', instead: 1050 },
    ],
  },
  1210: {
    right: [
      'The port is none: 70000',
      'The attempt failed without an errno',
      'grpc-js says no more than "failed to connect"',
    ],
    wrong: [
      { text: 'Nobody listens on the port', instead: 1212 },
      { text: 'No answer to the attempt', instead: 1211 },
      { text: 'The errno is named, but in no table', instead: 1213 },
    ],
  },
  1211: {
    right: [
      'A firewall drops the packets',
      'The queue of new connections is full',
      'The machine is switched off, behind a router',
    ],
    wrong: [
      { text: 'A firewall rejects the packets', instead: 1212 },
      { text: 'The connection came about, the answer did not', instead: 1050 },
      { text: 'The handshake of TLS did not end', instead: 1323 },
    ],
  },
  1212: {
    right: [
      'The server was not started, or has crashed',
      'The server listens on 127.0.0.1, the test asks from outside',
      'The container does not publish the port',
    ],
    wrong: [
      { text: "The server's queue is full", instead: 1211 },
      { text: 'The connection was made, and then broken off', instead: 1220 },
      { text: 'A proxy answered that it cannot reach the server', instead: 1502 },
    ],
  },
  1213: {
    right: [
      'A sandbox forbids to connect: EACCES, EPERM',
      'The system has no such kind of address: EAFNOSUPPORT',
      'The kernel has no memory for sockets: ENOBUFS',
    ],
    wrong: [
      { text: 'No free port', instead: 1216 },
      { text: 'No more files may be opened', instead: 1217 },
      { text: 'No route to the network', instead: 1215 },
    ],
  },
  1214: {
    right: [
      'The machine is off, and its neighbours say so',
      'A firewall rejects with "host prohibited"',
      'The VPN that leads there is down',
    ],
    wrong: [
      { text: 'The packets are dropped in silence', instead: 1211 },
      { text: 'There is no route to the whole network', instead: 1215 },
      { text: 'The machine is there, the port is not', instead: 1212 },
    ],
  },
  1215: {
    right: [
      'An IPv6 address on a machine without IPv6',
      'A container without a network',
      'The default route is missing',
    ],
    wrong: [
      { text: 'One machine of the network is off', instead: 1214 },
      { text: 'A firewall drops the packets', instead: 1211 },
      { text: 'A sandbox forbids to connect', instead: 1213 },
    ],
  },
  1216: {
    right: [
      'Each request makes a connection of its own, thousands a second',
      'All go to one address and port',
      'Closed connections wait for their minute: TIME_WAIT',
    ],
    wrong: [
      { text: 'The limit of open files', instead: 1217 },
      { text: 'The server refuses more connections', instead: 1212 },
      { text: "The server's queue is full", instead: 1211 },
    ],
  },
  1217: {
    right: [
      '`ulimit -n` is 1024, and there are 2000 virtual users',
      'Files that a script opens add to it',
      'The limit of the service manager is lower than that of the shell',
    ],
    wrong: [
      { text: 'No free port is left', instead: 1216 },
      { text: 'The database has no more connections', instead: 2105 },
      { text: 'The server has run out of files, and resets', instead: 1220 },
    ],
  },
  1220: {
    right: [
      'The server process was killed',
      'A load balancer forgot an idle connection',
      'The server closed with part of the body unread',
    ],
    wrong: [
      { text: 'The connection was closed in an orderly way, too early', instead: 1040 },
      { text: 'One stream of HTTP/2 was reset', instead: 1630 },
      { text: 'We wrote on a connection that was closed', instead: 1201 },
    ],
  },
  1230: {
    right: [
      'The proxy forbids the port: 403',
      'The proxy cannot reach the host: 502',
      'SOCKS5 says that the network is not allowed',
    ],
    wrong: [
      { text: 'The proxy wants a user', instead: 1231 },
      { text: 'The address of the proxy is that of a web server', instead: 1232 },
      { text: 'The proxy itself is not there', instead: 1212 },
    ],
  },
  1231: {
    right: [
      "No user in the proxy's URL",
      'The password has an @ that is not encoded',
      'The proxy wants another scheme than Basic',
    ],
    wrong: [
      { text: 'The server behind wants credentials', instead: 1401 },
      { text: 'The proxy knows the user, and forbids the host', instead: 1230 },
      { text: 'What answers is no proxy', instead: 1232 },
    ],
  },
  1232: {
    right: [
      'The port is that of a web server',
      'http:// where the proxy speaks TLS',
      'SOCKS5 on a port of an HTTP proxy',
    ],
    wrong: [
      { text: 'The proxy refuses', instead: 1230 },
      { text: "Nobody listens at the proxy's address", instead: 1212 },
      { text: 'The proxy wants a password', instead: 1231 },
    ],
  },
} as const satisfies Readonly<Record<number, Use>>;
