import { GRPC_STATUSES } from './grpc-status.ts';

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
