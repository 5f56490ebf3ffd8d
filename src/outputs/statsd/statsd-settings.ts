// Settings of the outputs to StatsD (README of xk6-output-statsd) and to Datadog's agent.
import { maskAddress } from '../../addresses/credentials.ts';
import { OutputError } from '../output-error.ts';
import { type SettingsContext, SettingsReader } from '../settings-reader.ts';

export interface StatsdSettings {
  /** What `--out` calls it. */
  readonly output: string;
  readonly host: string;
  readonly port: number;
  /** Before each name: `k6.` */
  readonly namespace: string;
  readonly pushIntervalMs: number;
  /** Lines of a datagram. */
  readonly bufferSize: number;
  readonly enableTags: boolean;
  readonly tagBlocklist: readonly string[];
}

const DEFAULT_PORT = 8125;

/** @throws OutputError for what is no `host:port` */
function readAddress(output: string, address: string): { host: string; port: number } {
  if (address.startsWith('unix'))
    throw new OutputError(`the output ${output} speaks UDP alone: give it host:port, not the socket ${address}`);
  const url = URL.parse(`udp://${address}`);
  if (url === null || url.hostname === '' || /[/?#@]/.test(address))
    throw new OutputError(`the output ${output}: "${maskAddress(address)}" is no address such as localhost:8125`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || DEFAULT_PORT) };
}

/**
 * @param argument of `--out output-statsd=…`: the address
 * @param prefix of the variables
 * @param tags whether they are sent unless a setting says otherwise
 * @throws OutputError
 */
export function readStatsdSettings(
  argument: string,
  context: SettingsContext,
  { output, prefix, tags }: { readonly output: string; readonly prefix: string; readonly tags: boolean },
): StatsdSettings {
  const reader = new SettingsReader({
    output,
    collector: output.replace('output-', ''),
    prefix,
    context,
    argument: argument === '' ? {} : { addr: argument },
  });
  const settings: StatsdSettings = {
    output,
    ...readAddress(output, reader.text('addr', `localhost:${DEFAULT_PORT}`)),
    namespace: reader.text('namespace', 'k6.'),
    pushIntervalMs: reader.duration('pushInterval', 1000),
    bufferSize: reader.count('bufferSize', 20),
    enableTags: reader.boolean('enableTags', tags),
    tagBlocklist: reader.list('tagBlocklist', ['vu', 'iter', 'url']),
  };
  reader.refuseUnknown();
  return settings;
}

/** As the announcement of a run shows it. */
export function describeStatsd({ output, host, port }: StatsdSettings): string {
  return `${output} (${host.includes(':') ? `[${host}]` : host}:${port})`;
}
