import { grpcConstants } from './grpc-constants.ts';
import { GRPC_STATUSES } from './grpc-status.ts';
import { httpConstants } from './http-constants.ts';
import { PLAIN_HTTP_STATUSES } from './http-plain-status.ts';
import { HTTP_STATUSES } from './http-status.ts';

/** The status that a constant of some language stands for. */
export interface ConstantStatus {
  readonly protocol: 'grpc' | 'http';
  readonly status: number;
}

let byConstant: ReadonlyMap<string, readonly ConstantStatus[]> | null = null;

/**
 * What a constant stands for: `codes.FailedPrecondition`, `HttpStatus.CONFLICT`, `grpc::StatusCode::NOT_FOUND`; what is before the
 * name may be left out (`HTTP_STATUS_CONFLICT`, `StatusTooManyRequests`). Case counts.
 * @returns nothing where no language has it; several where two protocols have it
 */
export function findConstant(text: string): readonly ConstantStatus[] {
  byConstant ??= indexConstants();
  return byConstant.get(text) ?? [];
}

/** The name alone: what follows the last `.`, `::` or `\`. */
const nameOf = (constant: string): string => /[^.:\\]*$/.exec(constant)![0];

function indexConstants(): Map<string, ConstantStatus[]> {
  const index = new Map<string, ConstantStatus[]>();
  const add = (text: string, found: ConstantStatus): void => {
    const before = index.get(text) ?? [];
    const isKnown = before.some(({ protocol, status }) => protocol === found.protocol && status === found.status);
    if (!isKnown) index.set(text, [...before, found]);
  };
  const addAll = (protocol: ConstantStatus['protocol'], status: number, constants: readonly string[]): void => {
    for (const constant of constants) for (const text of [constant, nameOf(constant)]) add(text, { protocol, status });
  };
  const written = (list: readonly { readonly constant: string }[]): string[] => list.map(({ constant }) => constant);
  for (const { status } of GRPC_STATUSES) addAll('grpc', status, written(grpcConstants(status)));
  for (const { status } of [...PLAIN_HTTP_STATUSES, ...HTTP_STATUSES])
    addAll('http', status, written(httpConstants(status)));
  return index;
}
