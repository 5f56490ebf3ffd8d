// What the process of a load may do: Node's permission model (https://nodejs.org/api/permissions.html), from its start on. The border that
// holds against code that means harm is the container around the agent; this one is a second.

import { enableCompileCache, getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { isWithin, programFolders } from './program-folders.ts';

/** What the system tells programs of names, authorities and time zones. */
const SYSTEM = [
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/nsswitch.conf',
  // Not the folders above: private keys lie beside the certificates.
  '/etc/ssl/certs',
  '/etc/ssl/cert.pem',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/certs',
  '/etc/pki/tls/cert.pem',
  '/etc/pki/tls/openssl.cnf',
  '/etc/pki/ca-trust',
  '/usr/share/ca-certificates',
];

/**
 * Flags for Node: the network, its own threads, and reading the script, this program with what it is installed with, and what the system says of
 * names and authorities. Load workers (worker-permissions.ts) read what their process may.
 * @param folder of the script
 */
export function loadPermissions(folder: string): string[] {
  enableCompileCache();
  const cache = getCompileCacheDir();
  const caches = cache === undefined ? [] : [path.dirname(cache)];
  const given = [process.env['SSL_CERT_FILE'], process.env['SSL_CERT_DIR'], process.env['NODE_EXTRA_CA_CERTS']];
  const readable = [
    folder,
    ...programFolders(),
    ...SYSTEM,
    ...caches,
    ...given.filter((name) => name !== undefined && name !== '').map((name) => path.resolve(name!)),
  ];
  return [
    '--permission',
    '--allow-net',
    '--allow-worker',
    // For the bundler, of scripts that ask for modules by names which running them tells.
    '--allow-child-process',
    '--allow-inspector',
    ...readable.map((name) => `--allow-fs-read=${name}`),
    // Its threads, where the script runs, may not write there.
    `--allow-fs-write=${path.join(folder, 'samples')}`,
    ...caches.map((name) => `--allow-fs-write=${name}`),
    '--disable-warning=PERM0004',
    '--disable-warning=SecurityWarning',
    '--disable-warning=ExperimentalWarning',
    '--disable-sigusr1',
  ];
}

/** Whether a folder lies where loads may read: what is kept there would be no secret of theirs. @param folder absolute */
export function isWithinProgram(folder: string): boolean {
  return programFolders().some((one) => isWithin(folder, one));
}
