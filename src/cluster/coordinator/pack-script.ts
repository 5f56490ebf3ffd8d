// The script of a run as agents get it: an archive with every module and every file that its init code has opened.
import { readFileSync } from 'node:fs';
import type { ScriptExports } from '../../execution/worker-protocol.ts';
import { EXIT, ExitError } from '../../exit/exit-error.ts';
import { VERSION } from '../../options/package-version.ts';
import type { OpenScript } from '../../run/open-script.ts';
import { packArchive } from '../../script/archive/archive.ts';
import { listImports } from '../../script/load/list-imports.ts';
import type { RemoteModules } from '../../script/load/remote/remote-modules.ts';

/**
 * @param given what the user named: an archive is sent as it is
 * @param exports what its init code has left
 * @param remote modules of the web that have been loaded
 * @throws ExitError 255 where the script cannot be packed
 */
export async function packScript(
  script: OpenScript,
  given: string,
  exports: ScriptExports,
  remote: RemoteModules,
): Promise<Buffer> {
  if (script.archive !== null) return readFileSync(given);
  const { file, folder } = script.place;
  if (file === null)
    throw new ExitError(EXIT.other, 'a script from standard input cannot be sent to agents: save it in a file');
  const imports = await listImports(file);
  return packArchive({
    file,
    pwd: folder,
    files: [...imports.files, ...exports.opened],
    remote: remote.loaded,
    metadata: {
      // Whoever takes the run over has its options of it.
      options: (exports.options ?? {}) as Readonly<Record<string, unknown>>,
      env: {},
      compatibilityMode: 'extended',
      k6version: VERSION,
      goos: process.platform,
      dependencies: { k6: '*' },
    },
  });
}
