/** gRPC's statuses by the names that scripts compare with. */
export const STATUSES = {
  StatusOK: 0,
  StatusCanceled: 1,
  StatusUnknown: 2,
  StatusInvalidArgument: 3,
  StatusDeadlineExceeded: 4,
  StatusNotFound: 5,
  StatusAlreadyExists: 6,
  StatusPermissionDenied: 7,
  StatusResourceExhausted: 8,
  StatusFailedPrecondition: 9,
  StatusAborted: 10,
  StatusOutOfRange: 11,
  StatusUnimplemented: 12,
  StatusInternal: 13,
  StatusUnavailable: 14,
  StatusDataLoss: 15,
  StatusUnauthenticated: 16,
} as const;

/** What grpc.health.v1 answers; k6 has a typing error in one name, which scripts have to use. */
export const HEALTH_STATUSES = {
  HealthCheckUnknown: 0,
  HealthCheckServing: 1,
  HealthCheckNotServing: 2,
  HealthCheckServiceUnkown: 3,
  HealthCheckServiceUnknown: 3,
} as const;
