// What a script for k6 2.2 can name: modules, functions, classes with their members, constants
// (https://grafana.com/docs/k6/latest/javascript-api/).

export interface SurfacePart {
  /** An expression of a script; the modules are there by the names of MODULES. */
  readonly of: string;
  /** Separated by spaces. */
  readonly names: string;
}

/** Modules by the names that the expressions use for them. */
export const MODULES = {
  browser: 'k6/browser',
  crypto_: 'k6/crypto',
  csv: 'k6/experimental/csv',
  data: 'k6/data',
  dns: 'k6/x/dns',
  encoding: 'k6/encoding',
  exec: 'k6/execution',
  fs: 'k6/experimental/fs',
  grpc: 'k6/net/grpc',
  html: 'k6/html',
  http: 'k6/http',
  icmp: 'k6/x/icmp',
  k6: 'k6',
  metrics: 'k6/metrics',
  mqtt: 'k6/x/mqtt',
  oldWebsockets: 'k6/experimental/websockets',
  redis: 'k6/x/redis',
  secrets: 'k6/secrets',
  streams: 'k6/experimental/streams',
  tcp: 'k6/x/tcp',
  timers: 'k6/timers',
  tls: 'k6/x/tls',
  websockets: 'k6/websockets',
  ws: 'k6/ws',
  x509: 'k6/crypto/x509',
} as const;

const TIMER_NAMES = 'setTimeout clearTimeout setInterval clearInterval';
const STATUSES =
  'StatusOK StatusCanceled StatusUnknown StatusInvalidArgument StatusDeadlineExceeded StatusNotFound StatusAlreadyExists StatusPermissionDenied StatusResourceExhausted StatusFailedPrecondition StatusAborted StatusOutOfRange StatusUnimplemented StatusInternal StatusUnavailable StatusDataLoss StatusUnauthenticated HealthCheckUnknown HealthCheckServing HealthCheckNotServing HealthCheckServiceUnkown';

/** What each module exports, by name and by its default export. */
export const EXPORTS: Readonly<Record<keyof typeof MODULES, string>> = {
  browser: 'browser chromium devices networkProfiles',
  crypto_:
    'createHash createHMAC hmac md4 md5 sha1 sha256 sha384 sha512 sha512_224 sha512_256 ripemd160 randomBytes hexEncode',
  csv: 'parse Parser',
  data: 'SharedArray',
  dns: 'lookup resolve',
  encoding: 'b64encode b64decode',
  exec: 'instance scenario test vu',
  fs: 'open SeekMode',
  grpc: `Client Stream ${STATUSES}`,
  html: 'parseHTML',
  http: 'get head post put patch del options request asyncRequest batch url cookieJar CookieJar file setResponseCallback expectedStatuses TLS_1_0 TLS_1_1 TLS_1_2 TLS_1_3 OCSP_STATUS_GOOD OCSP_STATUS_REVOKED OCSP_STATUS_SERVER_FAILED OCSP_STATUS_UNKNOWN OCSP_REASON_UNSPECIFIED OCSP_REASON_KEY_COMPROMISE OCSP_REASON_CA_COMPROMISE OCSP_REASON_AFFILIATION_CHANGED OCSP_REASON_SUPERSEDED OCSP_REASON_CESSATION_OF_OPERATION OCSP_REASON_CERTIFICATE_HOLD OCSP_REASON_REMOVE_FROM_CRL OCSP_REASON_PRIVILEGE_WITHDRAWN OCSP_REASON_AA_COMPROMISE',
  icmp: 'ping pingAsync',
  k6: 'check fail group randomSeed sleep',
  metrics: 'Counter Gauge Rate Trend',
  mqtt: 'Client',
  oldWebsockets: 'WebSocket Blob',
  redis: 'Client',
  secrets: 'get source',
  streams: 'ReadableStream ReadableStreamDefaultReader CountQueuingStrategy WritableStream WritableStreamDefaultWriter',
  tcp: 'Socket',
  timers: TIMER_NAMES,
  tls: 'getCertificate',
  websockets: 'WebSocket Blob',
  ws: 'connect',
  x509: 'parse getAltNames getIssuer getSubject',
};

/** Modules that are not here yet, each with the reason. This list is to get shorter. */
export const MISSING: Readonly<Partial<Record<keyof typeof MODULES, string>>> = {};

const SELECTION =
  'add attr children closest contents data each end eq filter find first get has html index is last map next nextAll nextUntil not parent parents parentsUntil prev prevAll prevUntil serialize serializeArray serializeObject siblings single size slice text toArray val';
const ELEMENT =
  'attributes childElementCount childNodes children classList className contains firstChild lastChild firstElementChild lastElementChild getAttribute getAttributeNode getElementsByClassName getElementsByTagName hasAttribute hasAttributes hasChildNodes id innerHTML isDefaultNamespace isEqualNode isSameNode lang matches namespaceURI nextSibling nextElementSibling previousSibling previousElementSibling nodeName nodeType nodeValue ownerDocument parentElement parentNode querySelector querySelectorAll selection textContent toString';
const HREF =
  'download hash host hostname href origin password pathname port protocol referrerPolicy rel relList search target username';
const SUBJECT =
  'commonName country postalCode stateOrProvinceName localityName streetAddress organizationName organizationalUnitName names';
const REDIS =
  'set get getSet del getDel exists incr incrBy decr decrBy randomKey mget expire ttl persist lpush rpush lpop rpop lrange lindex lset lrem llen hset hsetnx hget hdel hgetall hkeys hvals hlen hincrby sadd srem sismember smembers srandmember spop sendCommand';

/** Of init code. */
export const IN_INIT: readonly SurfacePart[] = [
  { of: 'globalThis', names: `console open require global crypto TextEncoder TextDecoder __ENV __VU ${TIMER_NAMES}` },
  { of: 'console', names: 'log info debug warn error' },
  { of: 'new metrics.Counter("a_counter")', names: 'name add' },
  { of: 'new metrics.Gauge("a_gauge")', names: 'name add' },
  { of: 'new metrics.Rate("a_rate")', names: 'name add' },
  { of: 'new metrics.Trend("a_trend", true)', names: 'name add' },
  { of: 'new data.SharedArray("shared", () => [1])', names: 'length map filter forEach find includes' },
  { of: 'fs.SeekMode', names: 'Start Current End' },
  { of: 'await fs.open(__ENV.FILE)', names: 'path read seek stat' },
  { of: 'csv.Parser.prototype', names: 'next' },
  { of: 'client.load(null, __ENV.PROTO)[0]', names: 'package service full_method' },
];

/** Of an iteration. */
export const IN_ITERATION: readonly SurfacePart[] = [
  { of: 'globalThis', names: '__ITER' },
  { of: 'crypto', names: 'getRandomValues randomUUID subtle' },
  {
    of: 'crypto.subtle',
    names: 'encrypt decrypt sign verify digest generateKey deriveKey deriveBits importKey exportKey wrapKey unwrapKey',
  },
  {
    of: 'await crypto.subtle.generateKey({ name: "AES-CBC", length: 128 }, true, ["encrypt"])',
    names: 'type extractable algorithm usages',
  },
  { of: 'crypto_.createHash("md5")', names: 'update digest' },
  { of: 'crypto_.createHMAC("md5", "k")', names: 'update digest' },
  {
    of: 'x509.parse(__ENV.PEM)',
    names: 'subject issuer notBefore notAfter altNames signatureAlgorithm fingerPrint publicKey',
  },
  { of: 'x509.getSubject(__ENV.PEM)', names: SUBJECT },
  { of: 'x509.getIssuer(__ENV.PEM)', names: 'commonName country names' },
  { of: 'x509.parse(__ENV.PEM).publicKey', names: 'algorithm key' },
  {
    of: 'exec.instance',
    names: 'currentTestRunDuration iterationsCompleted iterationsInterrupted vusActive vusInitialized',
  },
  { of: 'exec.scenario', names: 'name executor startTime progress iterationInInstance iterationInTest' },
  { of: 'exec.vu', names: 'idInInstance idInTest iterationInInstance iterationInScenario metrics tags' },
  { of: 'exec.vu.metrics', names: 'tags metadata' },
  { of: 'exec.test', names: 'abort fail options' },
  { of: 'http.file("x")', names: 'data filename content_type' },
  { of: 'http.cookieJar()', names: 'cookiesForURL set clear delete' },
  { of: 'new http.CookieJar()', names: 'cookiesForURL set clear delete' },
  {
    of: 'response',
    names:
      'remote_ip remote_port url status status_text proto headers cookies body timings tls_version tls_cipher_suite ocsp error error_code request json html submitForm clickLink',
  },
  {
    of: 'response.timings',
    names: 'duration blocked looking_up connecting tls_handshaking sending waiting receiving',
  },
  { of: 'response.request', names: 'method url headers body cookies' },
  { of: 'response.ocsp', names: 'produced_at this_update next_update revoked_at revocation_reason status' },
  { of: 'response.cookies.session[0]', names: 'name value domain path http_only secure max_age expires' },
  { of: 'html.parseHTML("<p>")', names: SELECTION },
  { of: 'html.parseHTML("<p>").find("p").get(0)', names: ELEMENT },
  { of: 'html.parseHTML("<a href=/x>").find("a").get(0)', names: `${ELEMENT} ${HREF}` },
  {
    of: 'html.parseHTML("<form>").find("form").get(0)',
    names: 'acceptCharset action autocomplete elements encoding enctype length method name noValidate target',
  },
  { of: 'client', names: 'load loadProtoset connect invoke asyncInvoke close healthCheck' },
  { of: 'client.invoke("shop.Counter/Menu", {})', names: 'message error headers trailers status' },
  { of: 'grpc.Stream.prototype', names: 'on write end' },
  {
    of: 'websockets.WebSocket.prototype',
    names:
      'url readyState bufferedAmount extensions protocol binaryType onopen onmessage onerror onclose onping onpong send ping close addEventListener',
  },
  { of: 'new websockets.Blob(["x"])', names: 'size type arrayBuffer bytes slice stream text' },
  { of: 'socket', names: 'on send sendBinary ping setTimeout setInterval close' },
  { of: 'session', names: 'url status headers body error' },
  { of: 'streams.ReadableStream.prototype', names: 'cancel getReader locked' },
  { of: 'streams.ReadableStreamDefaultReader.prototype', names: 'read releaseLock cancel closed' },
  { of: 'streams.WritableStream.prototype', names: 'abort close getWriter locked' },
  {
    of: 'streams.WritableStreamDefaultWriter.prototype',
    names: 'abort close closed desiredSize ready releaseLock write',
  },
  { of: 'redis.Client.prototype', names: REDIS },
  { of: 'tcp.Socket.prototype', names: 'connect write on setTimeout destroy' },
  { of: 'mqtt.Client.prototype', names: 'connect publish subscribe unsubscribe end on' },
];
