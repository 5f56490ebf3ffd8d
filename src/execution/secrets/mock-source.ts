// `--secret-source=mock=KEY=VALUE,…`: secrets on the command line, for trying a script.
import { badSource, type SecretSource, type SourceDescription } from './secret-source.ts';

/** @throws ExitError 255 */
export function openMockSource({ settings }: SourceDescription): SecretSource {
  const index = settings.findIndex(([key]) => key === '');
  // What has no key may be a part of a secret: it is not shown.
  if (index >= 0)
    throw badSource(
      `a source of the type mock takes key=value,…, and item ${index + 1} has no key (a value cannot hold a comma: put it into a file)`,
    );
  const secrets = new Map(settings);
  return { description: 'the command line', get: async (key) => secrets.get(key), keys: secrets.keys() };
}
