/** Where something is specified: what to call it, and where it is. */
export interface Specification {
  readonly title: string;
  readonly url: string;
}

const rfc = (number: number, section: string): Specification => ({
  title: `RFC ${number}, § ${section}`,
  url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
});

/** Sections of RFC 9110 by hundred and status: 15.2.1 is 100. */
const IN_RFC_9110: Readonly<Record<number, string>> = {
  100: '15.2.1',
  101: '15.2.2',
  200: '15.3.1',
  201: '15.3.2',
  202: '15.3.3',
  203: '15.3.4',
  204: '15.3.5',
  205: '15.3.6',
  206: '15.3.7',
  300: '15.4.1',
  301: '15.4.2',
  302: '15.4.3',
  303: '15.4.4',
  304: '15.4.5',
  305: '15.4.6',
  307: '15.4.8',
  308: '15.4.9',
  400: '15.5.1',
  401: '15.5.2',
  402: '15.5.3',
  403: '15.5.4',
  404: '15.5.5',
  405: '15.5.6',
  406: '15.5.7',
  407: '15.5.8',
  408: '15.5.9',
  409: '15.5.10',
  410: '15.5.11',
  411: '15.5.12',
  412: '15.5.13',
  413: '15.5.14',
  414: '15.5.15',
  415: '15.5.16',
  416: '15.5.17',
  417: '15.5.18',
  418: '15.5.19',
  421: '15.5.20',
  422: '15.5.21',
  426: '15.5.22',
  500: '15.6.1',
  501: '15.6.2',
  502: '15.6.3',
  503: '15.6.4',
  504: '15.6.5',
  505: '15.6.6',
};

const ELSEWHERE: Readonly<Record<number, Specification>> = {
  102: rfc(2518, '10.1'),
  103: rfc(8297, '2'),
  207: rfc(4918, '11.1'),
  208: rfc(5842, '7.1'),
  226: rfc(3229, '10.4.1'),
  423: rfc(4918, '11.3'),
  424: rfc(4918, '11.4'),
  425: rfc(8470, '5.2'),
  428: rfc(6585, '3'),
  429: rfc(6585, '4'),
  431: rfc(6585, '5'),
  451: rfc(7725, '3'),
  506: rfc(2295, '8.1'),
  507: rfc(4918, '11.5'),
  508: rfc(5842, '7.2'),
  510: rfc(2774, '7'),
  511: rfc(6585, '6'),
};

/** Where an HTTP status is specified; null for those that servers made up. */
export function httpSpecification(status: number): Specification | null {
  const section = IN_RFC_9110[status];
  return section === undefined ? (ELSEWHERE[status] ?? null) : rfc(9110, section);
}

export const GRPC_SPECIFICATION: Specification = {
  title: 'gRPC: Status codes and their use in gRPC',
  url: 'https://grpc.github.io/grpc/core/md_doc_statuscodes.html',
};
export const HTTP2_SPECIFICATION: Specification = rfc(9113, '7');
export const WEBSOCKET_SPECIFICATION: Specification = rfc(6455, '7.4');
