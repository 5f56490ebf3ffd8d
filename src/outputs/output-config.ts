// What the config file says of outputs: `out`, in place of `--out`, and `collectors`, their settings.
import { OutputError } from './output-error.ts';

/** @param configFile its JSON, or undefined @throws OutputError for an `out` that is no list of texts */
export function readOutputConfig(configFile: unknown): {
  readonly out: readonly string[];
  readonly collectors: Readonly<Record<string, unknown>>;
} {
  const { out, collectors } = (configFile ?? {}) as { readonly out?: unknown; readonly collectors?: unknown };
  const list = out === undefined || out === null ? [] : typeof out === 'string' ? [out] : out;
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string'))
    throw new OutputError('out in the config file must be a list of outputs, such as ["json=samples.json"]');
  return {
    out: list,
    collectors: typeof collectors === 'object' && collectors !== null ? (collectors as Record<string, unknown>) : {},
  };
}
