// `--traces-output` (k6 page "Options reference", traces output).
import { OutputError } from '../output-error.ts';
import type { OtlpTarget } from './otel-settings.ts';

export interface TracesSettings {
  readonly target: OtlpTarget;
}

const DEFAULT_ENDPOINTS = { grpc: '127.0.0.1:4317', 'http/protobuf': '127.0.0.1:4318' } as const;
const PATH = '/v1/traces';

/**
 * @param text `none`, or `otel[=URL][,proto=grpc|http][,header.NAME=VALUE]…`
 * @returns null: none are wanted
 * @throws OutputError
 */
export function parseTracesOutput(text: string): TracesSettings | null {
  if (text === 'none' || text === '') return null;
  const [head = '', ...parts] = text.split(',');
  const [type, ...given] = head.split('=');
  if (type !== 'otel')
    throw new OutputError(`--traces-output "${type}": use none, or otel[=URL][,proto=http][,header.NAME=VALUE]`);
  let protocol: OtlpTarget['protocol'] = 'grpc';
  const headers: [string, string][] = [];
  for (const part of parts) {
    const at = part.indexOf('=');
    const [key, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    if (key === 'proto') protocol = readProtocol(value);
    else if (/^header\.[!#$%&'*+.^_`|~\w-]+$/.test(key))
      headers.push([key.slice('header.'.length).toLowerCase(), value]);
    // What else is there may be a password: it is not repeated.
    else
      throw new OutputError('--traces-output otel takes proto=grpc, proto=http and header.NAME=VALUE behind its URL');
  }
  const { endpoint, path, insecure } = readUrl(given.join('='), protocol);
  return {
    target: {
      protocol,
      endpoint,
      path,
      insecure,
      headers,
      ca: '',
      cert: '',
      key: '',
      insecureSkipVerify: false,
      hidden: headers.map(([, value]) => value),
    },
  };
}

/** As the announcement of a run shows it. */
export function describeTraces({ target: { protocol, endpoint, path, insecure } }: TracesSettings): string {
  return protocol === 'grpc'
    ? `traces (grpc, ${endpoint}${insecure ? ', insecure' : ''})`
    : `traces (${insecure ? 'http' : 'https'}://${endpoint}${path})`;
}

/** @throws OutputError */
function readProtocol(value: string): OtlpTarget['protocol'] {
  if (value === 'grpc') return 'grpc';
  if (value === 'http') return 'http/protobuf';
  throw new OutputError(`--traces-output: proto is grpc or http, not "${value}"`);
}

/** Without a scheme, as in `collector:4317`, nothing is encrypted. @throws OutputError */
function readUrl(text: string, protocol: OtlpTarget['protocol']): Pick<OtlpTarget, 'endpoint' | 'path' | 'insecure'> {
  if (text === '') return { endpoint: DEFAULT_ENDPOINTS[protocol], path: PATH, insecure: true };
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== '' ||
    url.password !== '' ||
    url.hostname === ''
  )
    throw new OutputError(
      '--traces-output otel=URL: it is no address of http:// or https://, as in http://127.0.0.1:4317',
    );
  const port = url.port || (protocol === 'grpc' ? '4317' : '4318');
  return {
    endpoint: `${url.hostname}:${port}`,
    path: url.pathname === '/' ? PATH : url.pathname,
    insecure: url.protocol === 'http:',
  };
}
