import type { Code } from './catalogue.ts';

/**
 * What programs say when something fails, and the code that it is: texts of operating systems, Node, Go, Java, Python, .NET, curl,
 * browsers, nginx, Redis. The more telling ones come first: a message often holds several.
 */
const ERROR_PHRASES: readonly (readonly [phrase: RegExp, code: Code])[] = [
  // URLs
  [
    /unsupported protocol scheme|missing protocol scheme|\binvalid url\b|failed to parse url|unknown scheme|^bad port$|is not a valid HTTP method|URL using bad\/illegal format|no scheme (?:was )?supplied|URL rejected:/i,
    1020,
  ],
  // Proxies
  [/CONNECT tunnel failed, response 407|proxy authentication required|HTTP code 407 from proxy/i, 1231],
  [
    /CONNECT tunnel failed|tunnel connection failed|received HTTP code \d+ from proxy|ERR_TUNNEL_CONNECTION_FAILED/i,
    1230,
  ],
  [/ERR_PROXY_CONNECTION_FAILED/, 1232],
  // Names
  [/\blookup \S+.*i\/o timeout|resolving timed out|name resolution timed out|ERR_NAME_RESOLUTION_TIMED_OUT/i, 1102],
  [/temporary failure in name resolution|\bserver misbehaving\b|\bSERVFAIL\b|try again later.*(?:host|name)/i, 1103],
  [
    /no such host|name or service not known|nodename nor servname|could not resolve host|couldn't resolve host|unknownhostexception|ERR_NAME_NOT_RESOLVED|no address associated with|failed to resolve '/i,
    1101,
  ],
  [/name resolution fail/i, 1100],
  // TLS
  // What the peer says about our certificate sounds like what we say about its own: alerts come first.
  [
    /tls: (?:bad|unknown|expired|revoked|unsupported) certificate|\balert:? (?:(?:bad|unsupported)[ _]?)?certificate|\balert:? unknown[ _]?ca\b|certificate[ _]required/i,
    1322,
  ],
  [/TLS handshake timeout|SSL connection timeout|handshake timed out/i, 1323],
  [
    /first record does not look like a TLS handshake|wrong[_ ]version[_ ]number|unrecognized SSL message|InvalidContentType|packet length too long|HTTP response to HTTPS client|ERR_SSL_PROTOCOL_ERROR/i,
    1301,
  ],
  [
    /certificate.*not yet valid: current time \S+ is before|certificate is not yet valid|CertificateNotYetValid|certificate: NotValidYet/i,
    1313,
  ],
  [/certificate:? (?:has |is )?expired|certificate.*NotAfter|CertificateExpired|ERR_CERT_DATE_INVALID/i, 1312],
  [/certificate (?:has been |was |is )?revoked|ERR_CERT_REVOKED/i, 1314],
  [
    /certificate (?:is )?(?:not )?valid for|certificate: NotValidForName|no alternative certificate subject name|doesn't contain any IP SANs|hostname\/IP does not match|does not match target host ?name|doesn't match (?:either|host)|hostname mismatch|ERR_CERT_COMMON_NAME_INVALID|no subject alternative/i,
    1311,
  ],
  [
    /unknown authority|UnknownIssuer|certificate is not trusted|self[- ]signed certificate|issuer certificate|verify the first certificate|PKIX path building failed|certificate verify failed|ERR_CERT_AUTHORITY_INVALID|UntrustedRoot/i,
    1310,
  ],
  [
    /alert:? protocol[ _]?version|protocol version not supported|unsupported protocol(?! scheme)|ERR_SSL_VERSION_OR_CIPHER_MISMATCH/i,
    1321,
  ],
  [/handshake[_ ]failure|fatal alert: \w+|no shared cipher|unrecognized name|no application protocol/i, 1320],
  // Connecting
  [/connection refused|actively refused it|ERR_CONNECTION_REFUSED|\bECONNREFUSED\b/i, 1212],
  [/no route to host|host is unreachable|ERR_ADDRESS_UNREACHABLE|\bEHOSTUNREACH\b/i, 1214],
  [/network is unreachable|ERR_INTERNET_DISCONNECTED|\bENETUNREACH\b/i, 1215],
  [/(?:cannot|can't) assign requested address|only one usage of each socket address|\bEADDRNOTAVAIL\b/i, 1216],
  [/too many open files|\bEMFILE\b|\bENFILE\b/i, 1217],
  [
    /dial tcp.*(?:i\/o timeout|connectex)|connect(?:ion)? (?:attempt )?timed out|connect timeout|connecttimeout|ERR_CONNECTION_TIMED_OUT|failed to connect to \S+ port \d+ after \d+ ms: timeout|failed to connect before the deadline|waiting for LB pick/i,
    1211,
  ],
  // Connected
  [/reset by peer|connection (?:was )?reset|forcibly closed|ERR_CONNECTION_RESET|\bECONNRESET\b(?!.*hang up)/i, 1220],
  [/broken pipe|\bEPIPE\b/i, 1201],
  // The answer
  [
    /unexpected server response: \d+|websocket: bad handshake|WebSocket connection .*failed.*unexpected response code/i,
    1901,
  ],
  [/invalid websocket frame|websocket.*protocol error/i, 1902],
  [/websocket.*abnormal closure|close 1006/i, 1903],
  [
    /incorrect header check|invalid stored block|unexpected end of file|decompression failed|gzip: invalid header|not in gzip format|ERR_CONTENT_DECODING_FAILED/i,
    1701,
  ],
  [/(?:body|message|response) (?:is )?too large|message larger than max|larger than configured readMaxBytes/i, 1702],
  [
    /header(?:s| section)? (?:too large|overflow)|too large response headers|exceeded maximum allowed HTTP header|response headers? exceeded/i,
    1042,
  ],
  [
    /malformed HTTP|body length does not match content-length|parse error:|does not match the HTTP|ERR_INVALID_HTTP_RESPONSE|received HTTP\/0\.9|BadStatusLine|invalid chunk|without gRPC status|protocol error: missing status|server closed the stream without sending trailers/i,
    1041,
  ],
  [
    /\b(?:socket hang up|other side closed|premature close|prematurely closed|(?<!stream )terminated|unexpected EOF|closed before message completed|IncompleteMessage|IncompleteRead|before secure TLS connection was established|without sending TLS close_notify|NoHttpResponseException|header parser received no bytes|transfer closed with \d+ bytes remaining|empty reply from server|server closed idle connection|remote end closed connection|server disconnected|closed unexpectedly|connection dropped|ERR_EMPTY_RESPONSE|ERR_CONNECTION_CLOSED)\b|: EOF\b/i,
    1040,
  ],
  [
    /Client\.Timeout|(?:headers|body) timeout error|context deadline exceeded|read timed out|readtimeout|operation timed out|operation was aborted due to timeout|awaiting headers|timeout of \d+ ?ms exceeded|request timed? ?out|deadline exceeded after|ERR_TIMED_OUT|i\/o timeout/i,
    1050,
  ],
  [/context cancell?ed|operation was (?:aborted|cancell?ed)|cancelled on client|ERR_ABORTED/i, 1030],
  // HTTP/2, as libraries word its errors
  [/stream refused by server/i, 1638],
  [/bandwidth exhausted or memory limit exceeded/i, 1642],
  [/last error: protocol error/i, 1652],
  [/error in the HTTP2 framing layer/i, 1600],
  [/no connection established|failed to connect/i, 1210],
  // Other protocols
  [/\b(?:NOAUTH|WRONGPASS|NOPERM)\b/, 2001],
  [/\bWRONGTYPE\b/, 2002],
  [/\b(?:MASTERDOWN|CLUSTERDOWN|NOREPLICAS)\b|\bREADONLY You can't write/, 2003],
  [/\bOOM command not allowed|max number of clients reached/, 2004],
  [/\bCROSSSLOT\b|\bMOVED \d+ \S+:\d+/, 2005],
  [/permission denied \([\w,-]*(?:publickey|password)/i, 2401],
  [/host key verification failed|remote host identification has changed/i, 2402],
];

/**
 * The code of a message by its wording.
 * @returns undefined where no phrase of it is known
 */
export function codeOfMessage(message: string): Code | undefined {
  return ERROR_PHRASES.find(([phrase]) => phrase.test(message))?.[1];
}
