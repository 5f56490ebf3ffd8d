// Settings of the output to TimescaleDB, or PostgreSQL without it (README of xk6-output-timescaledb).
import { OutputError } from '../output-error.ts';
import { type SettingsContext, SettingsReader } from '../settings-reader.ts';

export interface TimescaleSettings {
  /** `postgresql://user:password@host:port/database` */
  readonly url: string;
  readonly pushIntervalMs: number;
  /** Where the package pg is looked for first. */
  readonly folder: string;
}

const DEFAULT_URL = 'postgresql://localhost:5432/myk6timescaleDB';

/** @param argument of `--out timescaledb=…`: the address @throws OutputError */
export function readTimescaleSettings(
  argument: string,
  context: SettingsContext & { readonly folder?: string },
): TimescaleSettings {
  const output = 'timescaledb';
  const reader = new SettingsReader({
    output,
    collector: output,
    prefix: 'K6_TIMESCALEDB_',
    context,
    argument: argument === '' ? {} : { url: argument },
  });
  const url = URL.parse(reader.text('url', DEFAULT_URL));
  // The address may hold a password: it is not repeated.
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol))
    throw new OutputError(`the output ${output} needs an address such as postgresql://user:password@host:5432/k6`);
  const pushIntervalMs = reader.duration('pushInterval', 1000);
  reader.refuseUnknown();
  return { url: url.href, pushIntervalMs, folder: context.folder ?? process.cwd() };
}

/** As the announcement of a run shows it. */
export function describeTimescale({ url }: TimescaleSettings): string {
  const { host, pathname } = new URL(url);
  return `timescaledb (${host}${pathname})`;
}
