// Under which names of `collectors` in the config file outputs look for their settings; those that none reads are told.
import { ExtensionError, findExtension } from '../extension/find-extension.ts';
import { suggestName } from '../options/closest-name.ts';

/** By type of output, as k6 and its extensions have them. */
const COLLECTORS: Readonly<Record<string, string>> = {
  csv: 'csv',
  datadog: 'datadog',
  'experimental-opentelemetry': 'experimental-opentelemetry',
  'experimental-prometheus-rw': 'prometheus-rw',
  influxdb: 'influxdb',
  opentelemetry: 'opentelemetry',
  'output-statsd': 'statsd',
  timescaledb: 'timescaledb',
  'xk6-influxdb': 'xk6-influxdb',
  'xk6-kafka': 'kafka',
};

/** Where `k6 cloud login` keeps its token: no settings of an output of ours, and no mistake. */
const CLOUD = 'cloud';

/**
 * Warns of settings that nothing reads: k6 passes over them in silence, and a test would send its samples with others than were meant.
 * @param folder from where packages with outputs are looked for
 */
export function warnOfUnknownCollectors(
  collectors: Readonly<Record<string, unknown>>,
  folder: string,
  warn: (message: string) => void,
): void {
  const known = Object.values(COLLECTORS);
  for (const name of Object.keys(collectors)) {
    if (name === CLOUD || known.includes(name) || isPackaged(name, folder)) continue;
    const elsewhere = Object.hasOwn(COLLECTORS, name) ? COLLECTORS[name] : undefined;
    warn(
      elsewhere === undefined
        ? `collectors.${name} in the config file has no effect: no output reads it${suggestName(name, known)}; there are ${known.join(', ')}`
        : `collectors.${name} in the config file has no effect: the output ${name} reads collectors.${elsewhere}`,
    );
  }
}

function isPackaged(name: string, folder: string): boolean {
  try {
    return findExtension('outputs', name, folder) !== null;
  } catch (error) {
    // It is there, and cannot be used: that is said where it is.
    if (error instanceof ExtensionError) return true;
    throw error;
  }
}
