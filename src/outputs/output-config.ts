// What the config file says of outputs: `out`, in place of `--out`, and `collectors`, their settings.
import { invalidConfig } from '../exit/exit-error.ts';

/** Settings of an output, by their keys. */
type Settings = Readonly<Record<string, unknown>>;

/** @param configFile its JSON, or undefined @throws ExitError 104 for what has another type */
export function readOutputConfig(configFile: Settings | undefined): {
  readonly out: readonly string[];
  readonly collectors: Readonly<Record<string, Settings>>;
} {
  const { out, collectors } = configFile ?? {};
  const list = out === undefined || out === null ? [] : typeof out === 'string' ? [out] : out;
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string'))
    throw invalidConfig(
      `out in the config file must be a list of outputs, such as ["json=samples.json"], not ${JSON.stringify(out)}`,
    );
  // What stands there may hold a password: it is not repeated.
  const byOutput = collectors ?? {};
  if (!isObject(byOutput))
    throw invalidConfig(
      `collectors in the config file must be an object, such as { "influxdb": { "addr": "http://127.0.0.1:8086" } }`,
    );
  const settings = Object.entries(byOutput).filter(([, value]) => value !== null);
  for (const [name, value] of settings)
    if (!isObject(value)) throw invalidConfig(`collectors.${name} in the config file must be an object of settings`);
  return { out: list, collectors: Object.fromEntries(settings) as Record<string, Settings> };
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
