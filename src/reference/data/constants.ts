import { GRPC_STATUSES } from '../../codes/index.ts';

/** What a status is called in a language or library. */
export interface Constant {
  readonly language: string;
  readonly constant: string;
}

const LOWER = (name: string) => name.toLowerCase();
const PASCAL = (name: string) => LOWER(name).replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** gRPC's constants are made from the canonical name: eleven languages and libraries, by the way each writes it. */
const GRPC_CONSTANTS: readonly (readonly [language: string, write: (name: string) => string])[] = [
  ['k6, Sixfold', (name) => `grpc.Status${pascalOfK6(name)}`],
  ['C++', (name) => `grpc::StatusCode::${name}`],
  ['C#', (name) => `StatusCode.${name === 'OK' ? 'OK' : PASCAL(name)}`],
  ['Connect', (name) => `"${name === 'CANCELLED' ? 'canceled' : LOWER(name)}"`],
  ['Go', (name) => `codes.${pascalOfK6(name)}`],
  ['Java, Kotlin', (name) => `Status.${name}`],
  ['Node (grpc-js)', (name) => `grpc.status.${name}`],
  ['PHP', (name) => `Grpc\\STATUS_${name}`],
  ['Python', (name) => `grpc.StatusCode.${name}`],
  ['Ruby', (name) => `GRPC::Core::StatusCodes::${name}`],
  ['Rust (tonic)', (name) => `Code::${PASCAL(name)}`],
];

/** Go's names, which k6 took over: OK in capitals, one l in Canceled. */
function pascalOfK6(name: string): string {
  if (name === 'OK') return 'OK';
  return name === 'CANCELLED' ? 'Canceled' : PASCAL(name);
}

/** @param status 0–16 */
export function grpcConstants(status: number): readonly Constant[] {
  const name = GRPC_STATUSES[status]?.name;
  if (name === undefined) return [];
  // Connect has no OK: what worked has no error.
  return GRPC_CONSTANTS.filter(([language]) => status > 0 || language !== 'Connect').map(([language, write]) => ({
    language,
    constant: write(name),
  }));
}

const HTTP_LANGUAGES = ['C# (.NET)', 'Go', 'Java (Spring)', 'Python', 'Ruby on Rails', 'Rust (http)'] as const;

/** By status: .NET, Go, Spring, Python, Rails, Rust; - where a language has none. */
const HTTP_CONSTANTS: Readonly<Record<number, string>> = {
  100: 'Continue Continue CONTINUE CONTINUE continue CONTINUE',
  101: 'SwitchingProtocols SwitchingProtocols SWITCHING_PROTOCOLS SWITCHING_PROTOCOLS switching_protocols SWITCHING_PROTOCOLS',
  102: 'Processing Processing PROCESSING PROCESSING processing PROCESSING',
  103: 'EarlyHints EarlyHints EARLY_HINTS EARLY_HINTS early_hints EARLY_HINTS',
  200: 'OK OK OK OK ok OK',
  201: 'Created Created CREATED CREATED created CREATED',
  202: 'Accepted Accepted ACCEPTED ACCEPTED accepted ACCEPTED',
  203: 'NonAuthoritativeInformation NonAuthoritativeInfo NON_AUTHORITATIVE_INFORMATION NON_AUTHORITATIVE_INFORMATION non_authoritative_information NON_AUTHORITATIVE_INFORMATION',
  204: 'NoContent NoContent NO_CONTENT NO_CONTENT no_content NO_CONTENT',
  205: 'ResetContent ResetContent RESET_CONTENT RESET_CONTENT reset_content RESET_CONTENT',
  206: 'PartialContent PartialContent PARTIAL_CONTENT PARTIAL_CONTENT partial_content PARTIAL_CONTENT',
  207: 'MultiStatus MultiStatus MULTI_STATUS MULTI_STATUS multi_status MULTI_STATUS',
  208: 'AlreadyReported AlreadyReported ALREADY_REPORTED ALREADY_REPORTED already_reported ALREADY_REPORTED',
  226: 'IMUsed IMUsed IM_USED IM_USED im_used IM_USED',
  300: 'MultipleChoices MultipleChoices MULTIPLE_CHOICES MULTIPLE_CHOICES multiple_choices MULTIPLE_CHOICES',
  301: 'MovedPermanently MovedPermanently MOVED_PERMANENTLY MOVED_PERMANENTLY moved_permanently MOVED_PERMANENTLY',
  302: 'Found Found FOUND FOUND found FOUND',
  303: 'SeeOther SeeOther SEE_OTHER SEE_OTHER see_other SEE_OTHER',
  304: 'NotModified NotModified NOT_MODIFIED NOT_MODIFIED not_modified NOT_MODIFIED',
  305: 'UseProxy UseProxy USE_PROXY USE_PROXY use_proxy USE_PROXY',
  307: 'TemporaryRedirect TemporaryRedirect TEMPORARY_REDIRECT TEMPORARY_REDIRECT temporary_redirect TEMPORARY_REDIRECT',
  308: 'PermanentRedirect PermanentRedirect PERMANENT_REDIRECT PERMANENT_REDIRECT permanent_redirect PERMANENT_REDIRECT',
  400: 'BadRequest BadRequest BAD_REQUEST BAD_REQUEST bad_request BAD_REQUEST',
  401: 'Unauthorized Unauthorized UNAUTHORIZED UNAUTHORIZED unauthorized UNAUTHORIZED',
  402: 'PaymentRequired PaymentRequired PAYMENT_REQUIRED PAYMENT_REQUIRED payment_required PAYMENT_REQUIRED',
  403: 'Forbidden Forbidden FORBIDDEN FORBIDDEN forbidden FORBIDDEN',
  404: 'NotFound NotFound NOT_FOUND NOT_FOUND not_found NOT_FOUND',
  405: 'MethodNotAllowed MethodNotAllowed METHOD_NOT_ALLOWED METHOD_NOT_ALLOWED method_not_allowed METHOD_NOT_ALLOWED',
  406: 'NotAcceptable NotAcceptable NOT_ACCEPTABLE NOT_ACCEPTABLE not_acceptable NOT_ACCEPTABLE',
  407: 'ProxyAuthenticationRequired ProxyAuthRequired PROXY_AUTHENTICATION_REQUIRED PROXY_AUTHENTICATION_REQUIRED proxy_authentication_required PROXY_AUTHENTICATION_REQUIRED',
  408: 'RequestTimeout RequestTimeout REQUEST_TIMEOUT REQUEST_TIMEOUT request_timeout REQUEST_TIMEOUT',
  409: 'Conflict Conflict CONFLICT CONFLICT conflict CONFLICT',
  410: 'Gone Gone GONE GONE gone GONE',
  411: 'LengthRequired LengthRequired LENGTH_REQUIRED LENGTH_REQUIRED length_required LENGTH_REQUIRED',
  412: 'PreconditionFailed PreconditionFailed PRECONDITION_FAILED PRECONDITION_FAILED precondition_failed PRECONDITION_FAILED',
  413: 'RequestEntityTooLarge RequestEntityTooLarge PAYLOAD_TOO_LARGE REQUEST_ENTITY_TOO_LARGE content_too_large PAYLOAD_TOO_LARGE',
  414: 'RequestUriTooLong RequestURITooLong URI_TOO_LONG REQUEST_URI_TOO_LONG uri_too_long URI_TOO_LONG',
  415: 'UnsupportedMediaType UnsupportedMediaType UNSUPPORTED_MEDIA_TYPE UNSUPPORTED_MEDIA_TYPE unsupported_media_type UNSUPPORTED_MEDIA_TYPE',
  416: 'RequestedRangeNotSatisfiable RequestedRangeNotSatisfiable REQUESTED_RANGE_NOT_SATISFIABLE REQUESTED_RANGE_NOT_SATISFIABLE range_not_satisfiable RANGE_NOT_SATISFIABLE',
  417: 'ExpectationFailed ExpectationFailed EXPECTATION_FAILED EXPECTATION_FAILED expectation_failed EXPECTATION_FAILED',
  418: '- Teapot I_AM_A_TEAPOT IM_A_TEAPOT - IM_A_TEAPOT',
  421: 'MisdirectedRequest MisdirectedRequest - MISDIRECTED_REQUEST misdirected_request MISDIRECTED_REQUEST',
  422: 'UnprocessableEntity UnprocessableEntity UNPROCESSABLE_ENTITY UNPROCESSABLE_ENTITY unprocessable_content UNPROCESSABLE_ENTITY',
  423: 'Locked Locked LOCKED LOCKED locked LOCKED',
  424: 'FailedDependency FailedDependency FAILED_DEPENDENCY FAILED_DEPENDENCY failed_dependency FAILED_DEPENDENCY',
  425: '- TooEarly TOO_EARLY TOO_EARLY too_early TOO_EARLY',
  426: 'UpgradeRequired UpgradeRequired UPGRADE_REQUIRED UPGRADE_REQUIRED upgrade_required UPGRADE_REQUIRED',
  428: 'PreconditionRequired PreconditionRequired PRECONDITION_REQUIRED PRECONDITION_REQUIRED precondition_required PRECONDITION_REQUIRED',
  429: 'TooManyRequests TooManyRequests TOO_MANY_REQUESTS TOO_MANY_REQUESTS too_many_requests TOO_MANY_REQUESTS',
  431: 'RequestHeaderFieldsTooLarge RequestHeaderFieldsTooLarge REQUEST_HEADER_FIELDS_TOO_LARGE REQUEST_HEADER_FIELDS_TOO_LARGE request_header_fields_too_large REQUEST_HEADER_FIELDS_TOO_LARGE',
  451: 'UnavailableForLegalReasons UnavailableForLegalReasons UNAVAILABLE_FOR_LEGAL_REASONS UNAVAILABLE_FOR_LEGAL_REASONS unavailable_for_legal_reasons UNAVAILABLE_FOR_LEGAL_REASONS',
  500: 'InternalServerError InternalServerError INTERNAL_SERVER_ERROR INTERNAL_SERVER_ERROR internal_server_error INTERNAL_SERVER_ERROR',
  501: 'NotImplemented NotImplemented NOT_IMPLEMENTED NOT_IMPLEMENTED not_implemented NOT_IMPLEMENTED',
  502: 'BadGateway BadGateway BAD_GATEWAY BAD_GATEWAY bad_gateway BAD_GATEWAY',
  503: 'ServiceUnavailable ServiceUnavailable SERVICE_UNAVAILABLE SERVICE_UNAVAILABLE service_unavailable SERVICE_UNAVAILABLE',
  504: 'GatewayTimeout GatewayTimeout GATEWAY_TIMEOUT GATEWAY_TIMEOUT gateway_timeout GATEWAY_TIMEOUT',
  505: 'HttpVersionNotSupported HTTPVersionNotSupported HTTP_VERSION_NOT_SUPPORTED HTTP_VERSION_NOT_SUPPORTED http_version_not_supported HTTP_VERSION_NOT_SUPPORTED',
  506: 'VariantAlsoNegotiates VariantAlsoNegotiates VARIANT_ALSO_NEGOTIATES VARIANT_ALSO_NEGOTIATES variant_also_negotiates VARIANT_ALSO_NEGOTIATES',
  507: 'InsufficientStorage InsufficientStorage INSUFFICIENT_STORAGE INSUFFICIENT_STORAGE insufficient_storage INSUFFICIENT_STORAGE',
  508: 'LoopDetected LoopDetected LOOP_DETECTED LOOP_DETECTED loop_detected LOOP_DETECTED',
  510: 'NotExtended NotExtended NOT_EXTENDED NOT_EXTENDED - NOT_EXTENDED',
  511: 'NetworkAuthenticationRequired NetworkAuthenticationRequired NETWORK_AUTHENTICATION_REQUIRED NETWORK_AUTHENTICATION_REQUIRED network_authentication_required NETWORK_AUTHENTICATION_REQUIRED',
};

const HTTP_PREFIXES = ['HttpStatusCode.', 'http.Status', 'HttpStatus.', 'HTTPStatus.', ':', 'StatusCode::'] as const;

/** @param status of HTTP; unregistered ones have no constants */
export function httpConstants(status: number): readonly Constant[] {
  const names = HTTP_CONSTANTS[status]?.split(' ') ?? [];
  return names.flatMap((name, i) =>
    name === '-' ? [] : [{ language: HTTP_LANGUAGES[i]!, constant: `${HTTP_PREFIXES[i]}${name}` }],
  );
}
