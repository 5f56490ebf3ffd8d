// A source of secrets that a package gives (docs/extensions.md).
import type { ExtensionSecretSource, SecretTarget } from '../../extension/api.ts';
import type { ExtensionPlace } from '../../extension/find-extension.ts';
import { loadExtension } from '../../extension/load-extension.ts';
import type { SecretSource, SourceDescription } from './secret-source.ts';

/** Its file is run when the first secret is asked for. */
export function openPackagedSource(
  place: ExtensionPlace,
  { settings }: SourceDescription,
  env: Readonly<Record<string, string | undefined>>,
): SecretSource {
  let opened: Promise<SecretTarget> | null = null;
  return {
    description: `the source ${place.name} (${place.packageName} ${place.version})`,
    async get(key) {
      opened ??= loadExtension<ExtensionSecretSource>(place).then((extension) =>
        extension.create({ settings: Object.fromEntries(settings), env }),
      );
      const value = await (await opened).get(key);
      return value === undefined || value === null ? undefined : String(value);
    },
  };
}
