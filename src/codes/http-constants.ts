import type { Constant } from './grpc-constants.ts';

/** The names of a language or its usual library, each behind its number. */
interface HttpNames {
  readonly language: string;
  readonly prefix: string;
  readonly names: string;
}

/** HTTP's constants are irregular (Go says StatusRequestEntityTooLarge): lists, no derivation. */
const HTTP_NAMES: readonly HttpNames[] = [
  {
    language: 'C# (.NET)',
    prefix: 'HttpStatusCode.',
    names: `
      100 Continue 101 SwitchingProtocols 102 Processing 103 EarlyHints 200 OK 201 Created 202 Accepted
      203 NonAuthoritativeInformation 204 NoContent 205 ResetContent 206 PartialContent 207 MultiStatus
      208 AlreadyReported 226 IMUsed 300 MultipleChoices 301 MovedPermanently 302 Found 303 SeeOther 304 NotModified
      305 UseProxy 307 TemporaryRedirect 308 PermanentRedirect 400 BadRequest 401 Unauthorized 402 PaymentRequired
      403 Forbidden 404 NotFound 405 MethodNotAllowed 406 NotAcceptable 407 ProxyAuthenticationRequired
      408 RequestTimeout 409 Conflict 410 Gone 411 LengthRequired 412 PreconditionFailed 413 RequestEntityTooLarge
      414 RequestUriTooLong 415 UnsupportedMediaType 416 RequestedRangeNotSatisfiable 417 ExpectationFailed
      421 MisdirectedRequest 422 UnprocessableEntity 423 Locked 424 FailedDependency 426 UpgradeRequired
      428 PreconditionRequired 429 TooManyRequests 431 RequestHeaderFieldsTooLarge 451 UnavailableForLegalReasons
      500 InternalServerError 501 NotImplemented 502 BadGateway 503 ServiceUnavailable 504 GatewayTimeout
      505 HttpVersionNotSupported 506 VariantAlsoNegotiates 507 InsufficientStorage 508 LoopDetected 510 NotExtended
      511 NetworkAuthenticationRequired`,
  },
  {
    language: 'C++ (Boost.Beast)',
    prefix: 'http::status::',
    names: `
      100 continue_ 101 switching_protocols 102 processing 200 ok 201 created 202 accepted
      203 non_authoritative_information 204 no_content 205 reset_content 206 partial_content 207 multi_status
      208 already_reported 226 im_used 300 multiple_choices 301 moved_permanently 302 found 303 see_other
      304 not_modified 305 use_proxy 307 temporary_redirect 308 permanent_redirect 400 bad_request 401 unauthorized
      402 payment_required 403 forbidden 404 not_found 405 method_not_allowed 406 not_acceptable
      407 proxy_authentication_required 408 request_timeout 409 conflict 410 gone 411 length_required
      412 precondition_failed 413 payload_too_large 414 uri_too_long 415 unsupported_media_type
      416 range_not_satisfiable 417 expectation_failed 421 misdirected_request 422 unprocessable_entity 423 locked
      424 failed_dependency 426 upgrade_required 428 precondition_required 429 too_many_requests
      431 request_header_fields_too_large 451 unavailable_for_legal_reasons 500 internal_server_error
      501 not_implemented 502 bad_gateway 503 service_unavailable 504 gateway_timeout 505 http_version_not_supported
      506 variant_also_negotiates 507 insufficient_storage 508 loop_detected 510 not_extended
      511 network_authentication_required`,
  },
  {
    language: 'Go',
    prefix: 'http.Status',
    names: `
      100 Continue 101 SwitchingProtocols 102 Processing 103 EarlyHints 200 OK 201 Created 202 Accepted
      203 NonAuthoritativeInfo 204 NoContent 205 ResetContent 206 PartialContent 207 MultiStatus 208 AlreadyReported
      226 IMUsed 300 MultipleChoices 301 MovedPermanently 302 Found 303 SeeOther 304 NotModified 305 UseProxy
      307 TemporaryRedirect 308 PermanentRedirect 400 BadRequest 401 Unauthorized 402 PaymentRequired 403 Forbidden
      404 NotFound 405 MethodNotAllowed 406 NotAcceptable 407 ProxyAuthRequired 408 RequestTimeout 409 Conflict
      410 Gone 411 LengthRequired 412 PreconditionFailed 413 RequestEntityTooLarge 414 RequestURITooLong
      415 UnsupportedMediaType 416 RequestedRangeNotSatisfiable 417 ExpectationFailed 418 Teapot
      421 MisdirectedRequest 422 UnprocessableEntity 423 Locked 424 FailedDependency 425 TooEarly 426 UpgradeRequired
      428 PreconditionRequired 429 TooManyRequests 431 RequestHeaderFieldsTooLarge 451 UnavailableForLegalReasons
      500 InternalServerError 501 NotImplemented 502 BadGateway 503 ServiceUnavailable 504 GatewayTimeout
      505 HTTPVersionNotSupported 506 VariantAlsoNegotiates 507 InsufficientStorage 508 LoopDetected 510 NotExtended
      511 NetworkAuthenticationRequired`,
  },
  {
    language: 'Java (Spring)',
    prefix: 'HttpStatus.',
    names: `
      100 CONTINUE 101 SWITCHING_PROTOCOLS 102 PROCESSING 103 EARLY_HINTS 200 OK 201 CREATED 202 ACCEPTED
      203 NON_AUTHORITATIVE_INFORMATION 204 NO_CONTENT 205 RESET_CONTENT 206 PARTIAL_CONTENT 207 MULTI_STATUS
      208 ALREADY_REPORTED 226 IM_USED 300 MULTIPLE_CHOICES 301 MOVED_PERMANENTLY 302 FOUND 303 SEE_OTHER
      304 NOT_MODIFIED 305 USE_PROXY 307 TEMPORARY_REDIRECT 308 PERMANENT_REDIRECT 400 BAD_REQUEST 401 UNAUTHORIZED
      402 PAYMENT_REQUIRED 403 FORBIDDEN 404 NOT_FOUND 405 METHOD_NOT_ALLOWED 406 NOT_ACCEPTABLE
      407 PROXY_AUTHENTICATION_REQUIRED 408 REQUEST_TIMEOUT 409 CONFLICT 410 GONE 411 LENGTH_REQUIRED
      412 PRECONDITION_FAILED 413 PAYLOAD_TOO_LARGE 414 URI_TOO_LONG 415 UNSUPPORTED_MEDIA_TYPE
      416 REQUESTED_RANGE_NOT_SATISFIABLE 417 EXPECTATION_FAILED 418 I_AM_A_TEAPOT 422 UNPROCESSABLE_ENTITY 423 LOCKED
      424 FAILED_DEPENDENCY 425 TOO_EARLY 426 UPGRADE_REQUIRED 428 PRECONDITION_REQUIRED 429 TOO_MANY_REQUESTS
      431 REQUEST_HEADER_FIELDS_TOO_LARGE 451 UNAVAILABLE_FOR_LEGAL_REASONS 500 INTERNAL_SERVER_ERROR
      501 NOT_IMPLEMENTED 502 BAD_GATEWAY 503 SERVICE_UNAVAILABLE 504 GATEWAY_TIMEOUT 505 HTTP_VERSION_NOT_SUPPORTED
      506 VARIANT_ALSO_NEGOTIATES 507 INSUFFICIENT_STORAGE 508 LOOP_DETECTED 510 NOT_EXTENDED
      511 NETWORK_AUTHENTICATION_REQUIRED`,
  },
  {
    language: 'Kotlin (Ktor)',
    prefix: 'HttpStatusCode.',
    names: `
      100 Continue 101 SwitchingProtocols 102 Processing 200 OK 201 Created 202 Accepted
      203 NonAuthoritativeInformation 204 NoContent 205 ResetContent 206 PartialContent 207 MultiStatus
      300 MultipleChoices 301 MovedPermanently 302 Found 303 SeeOther 304 NotModified 305 UseProxy
      307 TemporaryRedirect 308 PermanentRedirect 400 BadRequest 401 Unauthorized 402 PaymentRequired 403 Forbidden
      404 NotFound 405 MethodNotAllowed 406 NotAcceptable 407 ProxyAuthenticationRequired 408 RequestTimeout
      409 Conflict 410 Gone 411 LengthRequired 412 PreconditionFailed 413 PayloadTooLarge 414 RequestURITooLong
      415 UnsupportedMediaType 416 RequestedRangeNotSatisfiable 417 ExpectationFailed 422 UnprocessableEntity
      423 Locked 424 FailedDependency 426 UpgradeRequired 429 TooManyRequests 431 RequestHeaderFieldTooLarge
      500 InternalServerError 501 NotImplemented 502 BadGateway 503 ServiceUnavailable 504 GatewayTimeout
      505 VersionNotSupported 506 VariantAlsoNegotiates 507 InsufficientStorage`,
  },
  {
    language: 'Node (http2)',
    prefix: 'constants.HTTP_STATUS_',
    names: `
      100 CONTINUE 101 SWITCHING_PROTOCOLS 102 PROCESSING 103 EARLY_HINTS 200 OK 201 CREATED 202 ACCEPTED
      203 NON_AUTHORITATIVE_INFORMATION 204 NO_CONTENT 205 RESET_CONTENT 206 PARTIAL_CONTENT 207 MULTI_STATUS
      208 ALREADY_REPORTED 226 IM_USED 300 MULTIPLE_CHOICES 301 MOVED_PERMANENTLY 302 FOUND 303 SEE_OTHER
      304 NOT_MODIFIED 305 USE_PROXY 307 TEMPORARY_REDIRECT 308 PERMANENT_REDIRECT 400 BAD_REQUEST 401 UNAUTHORIZED
      402 PAYMENT_REQUIRED 403 FORBIDDEN 404 NOT_FOUND 405 METHOD_NOT_ALLOWED 406 NOT_ACCEPTABLE
      407 PROXY_AUTHENTICATION_REQUIRED 408 REQUEST_TIMEOUT 409 CONFLICT 410 GONE 411 LENGTH_REQUIRED
      412 PRECONDITION_FAILED 413 PAYLOAD_TOO_LARGE 414 URI_TOO_LONG 415 UNSUPPORTED_MEDIA_TYPE
      416 RANGE_NOT_SATISFIABLE 417 EXPECTATION_FAILED 418 TEAPOT 421 MISDIRECTED_REQUEST 422 UNPROCESSABLE_ENTITY
      423 LOCKED 424 FAILED_DEPENDENCY 425 TOO_EARLY 426 UPGRADE_REQUIRED 428 PRECONDITION_REQUIRED
      429 TOO_MANY_REQUESTS 431 REQUEST_HEADER_FIELDS_TOO_LARGE 451 UNAVAILABLE_FOR_LEGAL_REASONS
      500 INTERNAL_SERVER_ERROR 501 NOT_IMPLEMENTED 502 BAD_GATEWAY 503 SERVICE_UNAVAILABLE 504 GATEWAY_TIMEOUT
      505 HTTP_VERSION_NOT_SUPPORTED 506 VARIANT_ALSO_NEGOTIATES 507 INSUFFICIENT_STORAGE 508 LOOP_DETECTED
      510 NOT_EXTENDED 511 NETWORK_AUTHENTICATION_REQUIRED`,
  },
  {
    language: 'PHP (Symfony)',
    prefix: 'Response::',
    names: `
      100 HTTP_CONTINUE 101 HTTP_SWITCHING_PROTOCOLS 102 HTTP_PROCESSING 103 HTTP_EARLY_HINTS 200 HTTP_OK
      201 HTTP_CREATED 202 HTTP_ACCEPTED 203 HTTP_NON_AUTHORITATIVE_INFORMATION 204 HTTP_NO_CONTENT
      205 HTTP_RESET_CONTENT 206 HTTP_PARTIAL_CONTENT 207 HTTP_MULTI_STATUS 208 HTTP_ALREADY_REPORTED 226 HTTP_IM_USED
      300 HTTP_MULTIPLE_CHOICES 301 HTTP_MOVED_PERMANENTLY 302 HTTP_FOUND 303 HTTP_SEE_OTHER 304 HTTP_NOT_MODIFIED
      305 HTTP_USE_PROXY 307 HTTP_TEMPORARY_REDIRECT 308 HTTP_PERMANENTLY_REDIRECT 400 HTTP_BAD_REQUEST
      401 HTTP_UNAUTHORIZED 402 HTTP_PAYMENT_REQUIRED 403 HTTP_FORBIDDEN 404 HTTP_NOT_FOUND
      405 HTTP_METHOD_NOT_ALLOWED 406 HTTP_NOT_ACCEPTABLE 407 HTTP_PROXY_AUTHENTICATION_REQUIRED
      408 HTTP_REQUEST_TIMEOUT 409 HTTP_CONFLICT 410 HTTP_GONE 411 HTTP_LENGTH_REQUIRED 412 HTTP_PRECONDITION_FAILED
      413 HTTP_REQUEST_ENTITY_TOO_LARGE 414 HTTP_REQUEST_URI_TOO_LONG 415 HTTP_UNSUPPORTED_MEDIA_TYPE
      416 HTTP_REQUESTED_RANGE_NOT_SATISFIABLE 417 HTTP_EXPECTATION_FAILED 418 HTTP_I_AM_A_TEAPOT
      421 HTTP_MISDIRECTED_REQUEST 422 HTTP_UNPROCESSABLE_ENTITY 423 HTTP_LOCKED 424 HTTP_FAILED_DEPENDENCY
      425 HTTP_TOO_EARLY 426 HTTP_UPGRADE_REQUIRED 428 HTTP_PRECONDITION_REQUIRED 429 HTTP_TOO_MANY_REQUESTS
      431 HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE 451 HTTP_UNAVAILABLE_FOR_LEGAL_REASONS 500 HTTP_INTERNAL_SERVER_ERROR
      501 HTTP_NOT_IMPLEMENTED 502 HTTP_BAD_GATEWAY 503 HTTP_SERVICE_UNAVAILABLE 504 HTTP_GATEWAY_TIMEOUT
      505 HTTP_VERSION_NOT_SUPPORTED 506 HTTP_VARIANT_ALSO_NEGOTIATES_EXPERIMENTAL 507 HTTP_INSUFFICIENT_STORAGE
      508 HTTP_LOOP_DETECTED 510 HTTP_NOT_EXTENDED 511 HTTP_NETWORK_AUTHENTICATION_REQUIRED`,
  },
  {
    language: 'Python',
    prefix: 'HTTPStatus.',
    names: `
      100 CONTINUE 101 SWITCHING_PROTOCOLS 102 PROCESSING 103 EARLY_HINTS 200 OK 201 CREATED 202 ACCEPTED
      203 NON_AUTHORITATIVE_INFORMATION 204 NO_CONTENT 205 RESET_CONTENT 206 PARTIAL_CONTENT 207 MULTI_STATUS
      208 ALREADY_REPORTED 226 IM_USED 300 MULTIPLE_CHOICES 301 MOVED_PERMANENTLY 302 FOUND 303 SEE_OTHER
      304 NOT_MODIFIED 305 USE_PROXY 307 TEMPORARY_REDIRECT 308 PERMANENT_REDIRECT 400 BAD_REQUEST 401 UNAUTHORIZED
      402 PAYMENT_REQUIRED 403 FORBIDDEN 404 NOT_FOUND 405 METHOD_NOT_ALLOWED 406 NOT_ACCEPTABLE
      407 PROXY_AUTHENTICATION_REQUIRED 408 REQUEST_TIMEOUT 409 CONFLICT 410 GONE 411 LENGTH_REQUIRED
      412 PRECONDITION_FAILED 413 REQUEST_ENTITY_TOO_LARGE 414 REQUEST_URI_TOO_LONG 415 UNSUPPORTED_MEDIA_TYPE
      416 REQUESTED_RANGE_NOT_SATISFIABLE 417 EXPECTATION_FAILED 418 IM_A_TEAPOT 421 MISDIRECTED_REQUEST
      422 UNPROCESSABLE_ENTITY 423 LOCKED 424 FAILED_DEPENDENCY 425 TOO_EARLY 426 UPGRADE_REQUIRED
      428 PRECONDITION_REQUIRED 429 TOO_MANY_REQUESTS 431 REQUEST_HEADER_FIELDS_TOO_LARGE
      451 UNAVAILABLE_FOR_LEGAL_REASONS 500 INTERNAL_SERVER_ERROR 501 NOT_IMPLEMENTED 502 BAD_GATEWAY
      503 SERVICE_UNAVAILABLE 504 GATEWAY_TIMEOUT 505 HTTP_VERSION_NOT_SUPPORTED 506 VARIANT_ALSO_NEGOTIATES
      507 INSUFFICIENT_STORAGE 508 LOOP_DETECTED 510 NOT_EXTENDED 511 NETWORK_AUTHENTICATION_REQUIRED`,
  },
  {
    language: 'Ruby on Rails',
    prefix: ':',
    names: `
      100 continue 101 switching_protocols 102 processing 103 early_hints 200 ok 201 created 202 accepted
      203 non_authoritative_information 204 no_content 205 reset_content 206 partial_content 207 multi_status
      208 already_reported 226 im_used 300 multiple_choices 301 moved_permanently 302 found 303 see_other
      304 not_modified 305 use_proxy 307 temporary_redirect 308 permanent_redirect 400 bad_request 401 unauthorized
      402 payment_required 403 forbidden 404 not_found 405 method_not_allowed 406 not_acceptable
      407 proxy_authentication_required 408 request_timeout 409 conflict 410 gone 411 length_required
      412 precondition_failed 413 content_too_large 414 uri_too_long 415 unsupported_media_type
      416 range_not_satisfiable 417 expectation_failed 421 misdirected_request 422 unprocessable_content 423 locked
      424 failed_dependency 425 too_early 426 upgrade_required 428 precondition_required 429 too_many_requests
      431 request_header_fields_too_large 451 unavailable_for_legal_reasons 500 internal_server_error
      501 not_implemented 502 bad_gateway 503 service_unavailable 504 gateway_timeout 505 http_version_not_supported
      506 variant_also_negotiates 507 insufficient_storage 508 loop_detected 511 network_authentication_required`,
  },
  {
    language: 'Rust (http)',
    prefix: 'StatusCode::',
    names: `
      100 CONTINUE 101 SWITCHING_PROTOCOLS 102 PROCESSING 103 EARLY_HINTS 200 OK 201 CREATED 202 ACCEPTED
      203 NON_AUTHORITATIVE_INFORMATION 204 NO_CONTENT 205 RESET_CONTENT 206 PARTIAL_CONTENT 207 MULTI_STATUS
      208 ALREADY_REPORTED 226 IM_USED 300 MULTIPLE_CHOICES 301 MOVED_PERMANENTLY 302 FOUND 303 SEE_OTHER
      304 NOT_MODIFIED 305 USE_PROXY 307 TEMPORARY_REDIRECT 308 PERMANENT_REDIRECT 400 BAD_REQUEST 401 UNAUTHORIZED
      402 PAYMENT_REQUIRED 403 FORBIDDEN 404 NOT_FOUND 405 METHOD_NOT_ALLOWED 406 NOT_ACCEPTABLE
      407 PROXY_AUTHENTICATION_REQUIRED 408 REQUEST_TIMEOUT 409 CONFLICT 410 GONE 411 LENGTH_REQUIRED
      412 PRECONDITION_FAILED 413 PAYLOAD_TOO_LARGE 414 URI_TOO_LONG 415 UNSUPPORTED_MEDIA_TYPE
      416 RANGE_NOT_SATISFIABLE 417 EXPECTATION_FAILED 418 IM_A_TEAPOT 421 MISDIRECTED_REQUEST
      422 UNPROCESSABLE_ENTITY 423 LOCKED 424 FAILED_DEPENDENCY 425 TOO_EARLY 426 UPGRADE_REQUIRED
      428 PRECONDITION_REQUIRED 429 TOO_MANY_REQUESTS 431 REQUEST_HEADER_FIELDS_TOO_LARGE
      451 UNAVAILABLE_FOR_LEGAL_REASONS 500 INTERNAL_SERVER_ERROR 501 NOT_IMPLEMENTED 502 BAD_GATEWAY
      503 SERVICE_UNAVAILABLE 504 GATEWAY_TIMEOUT 505 HTTP_VERSION_NOT_SUPPORTED 506 VARIANT_ALSO_NEGOTIATES
      507 INSUFFICIENT_STORAGE 508 LOOP_DETECTED 510 NOT_EXTENDED 511 NETWORK_AUTHENTICATION_REQUIRED`,
  },
  {
    language: 'Swift (NIO)',
    prefix: 'HTTPResponseStatus.',
    names: `
      100 continue 101 switchingProtocols 102 processing 200 ok 201 created 202 accepted
      203 nonAuthoritativeInformation 204 noContent 205 resetContent 206 partialContent 207 multiStatus
      208 alreadyReported 226 imUsed 300 multipleChoices 301 movedPermanently 302 found 303 seeOther 304 notModified
      305 useProxy 307 temporaryRedirect 308 permanentRedirect 400 badRequest 401 unauthorized 402 paymentRequired
      403 forbidden 404 notFound 405 methodNotAllowed 406 notAcceptable 407 proxyAuthenticationRequired
      408 requestTimeout 409 conflict 410 gone 411 lengthRequired 412 preconditionFailed 413 payloadTooLarge
      414 uriTooLong 415 unsupportedMediaType 416 rangeNotSatisfiable 417 expectationFailed 418 imATeapot
      421 misdirectedRequest 422 unprocessableEntity 423 locked 424 failedDependency 426 upgradeRequired
      428 preconditionRequired 429 tooManyRequests 431 requestHeaderFieldsTooLarge 451 unavailableForLegalReasons
      500 internalServerError 501 notImplemented 502 badGateway 503 serviceUnavailable 504 gatewayTimeout
      505 httpVersionNotSupported 506 variantAlsoNegotiates 507 insufficientStorage 508 loopDetected 510 notExtended
      511 networkAuthenticationRequired`,
  },
];

const HTTP_CONSTANTS: ReadonlyMap<number, readonly Constant[]> = groupByStatus();

function groupByStatus(): Map<number, Constant[]> {
  const byStatus = new Map<number, Constant[]>();
  for (const { language, prefix, names } of HTTP_NAMES)
    for (const [, status, name] of names.matchAll(/(\d+) (\w+)/g)) {
      const constants = byStatus.get(Number(status)) ?? [];
      constants.push({ language, constant: `${prefix}${name}` });
      byStatus.set(Number(status), constants);
    }
  return byStatus;
}

/** @param status of HTTP; unregistered ones have no constants */
export function httpConstants(status: number): readonly Constant[] {
  return HTTP_CONSTANTS.get(status) ?? [];
}
