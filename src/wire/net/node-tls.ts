import { createRequire } from 'node:module';

type NodeTls = typeof import('node:tls');

let loaded: NodeTls | null = null;

/** Node's TLS, from the first connection on that wants it: loading it takes as long as half of a worker's own code. */
export function nodeTls(): NodeTls {
  loaded ??= createRequire(import.meta.url)('node:tls') as NodeTls;
  return loaded;
}
