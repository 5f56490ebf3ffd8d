import type { CodeDefinition } from './code-entry.ts';

/** 1900–1999: WebSocket (RFC 6455). */
export const WEBSOCKET_CODES = [
  {
    code: 1900,
    name: 'websocket',
    origin: 'new',
    k6Code: null,
    title: 'WebSocket failure',
    meaning:
      'The server closed the WebSocket with a code that says of an error (1011, 1008, 4001 …), or it failed in another way than those below.',
    producedBy: 'either side',
    retry: 'backoff',
    retryAdvice: 'A new connection may work.',
    look: 'The message: it has the close code and the reason; codes from 4000 on are of the application.',
    related: [1901, 1902, 1903],
  },
  {
    code: 1901,
    name: 'upgrade_refused',
    origin: 'new',
    k6Code: null,
    title: 'WebSocket handshake refused',
    meaning:
      'The server answered the handshake with another status than 101 (over HTTP/2: 2xx), with a wrong Sec-WebSocket-Accept, or with an extension that was not offered.',
    producedBy: 'server or a proxy that does not pass Upgrade on',
    retry: 'after-fix',
    retryAdvice: 'Not until the cause is known: the status says more.',
    look: 'The status of the answer, path, subprotocol, Origin and authorisation; a proxy must pass on Upgrade and Connection.',
    related: [1401, 1403, 1404, 1426],
  },
  {
    code: 1902,
    name: 'websocket_protocol',
    origin: 'new',
    k6Code: null,
    title: 'Frame that breaks the WebSocket protocol',
    meaning:
      'A frame breaks RFC 6455: reserved bits, a bad opcode, length or order, a masked frame, a bad close code, text that is not UTF-8.',
    producedBy: 'server or a proxy before it',
    retry: 'no',
    retryAdvice: 'No: the peer breaks the protocol.',
    look: 'The message: it names the rule. Extensions (compression) that were not agreed on are a common cause.',
    related: [1903],
    errnos: ['WS_ERR_*'],
  },
  {
    code: 1903,
    name: 'abnormal_closure',
    origin: 'new',
    k6Code: null,
    title: 'WebSocket ended without a close frame',
    meaning:
      'The connection ended without a close frame, or the server did not answer ours within ten seconds: what scripts see as close code 1006.',
    producedBy: 'server, a proxy or the network',
    retry: 'backoff',
    retryAdvice: 'Yes, a new connection, after a pause.',
    look: 'Idle timeouts of proxies and load balancers (send pings), and restarts of the server.',
    related: [1040, 1220],
  },
] as const satisfies readonly CodeDefinition[];
