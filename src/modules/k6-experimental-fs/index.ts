// `k6/experimental/fs`: files that are read in pieces (https://grafana.com/docs/k6/latest/javascript-api/k6-experimental/fs/).
import { statSync } from 'node:fs';
import type { Realm } from '../../script/realm-interface.ts';
import type { HostModule } from '../../vu/environment.ts';
import { readOpened, resolveOpened } from '../../vu/open-files.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import { fileClassOf, SEEK_MODES } from './file-class.ts';

export const fsModule: HostModule = {
  specifier: 'k6/experimental/fs',
  create(environment) {
    const { realm } = environment;
    const open = realm.asyncFunction('open', 1, async (given: unknown) => {
      const vu = realm.vu as VirtualUser;
      if (vu.phase !== 'init')
        throw refuse(
          realm,
          'ForbiddenError',
          'open() is only available in the init context: put it at the top level of the script',
        );
      if (typeof given !== 'string' || given === '') throw new TypeError('open() takes the path of a file');
      const file = resolveOpened(vu, given);
      let content: Buffer;
      try {
        if (statSync(file).isDirectory())
          throw refuse(realm, 'InvalidResourceError', `open() takes a file, and ${given} is a folder`);
        content = readOpened(environment, file);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT')
          throw refuse(
            realm,
            'NotFoundError',
            `no such file or directory: ${given}${given === file ? '' : ` (${file})`}`,
          );
        if (code === 'EACCES') throw refuse(realm, 'ForbiddenError', `permission denied: ${given}`);
        if (code === undefined) throw error;
        throw refuse(realm, 'InvalidResourceError', `${given}: ${message}`);
      }
      return fileClassOf(realm).create({ path: file, content, at: 0 });
    });
    const SeekMode = realm.fromHost({ ...SEEK_MODES });
    const exports = { named: { open, SeekMode } };
    return () => exports;
  },
};

function refuse(realm: Realm, name: string, message: string): Error {
  return realm.error('Error', message, { name });
}
