// Proxies for the clients of Node itself: fetch(), and the agents of node:http. They take fewer forms of them than we do, and show what
// they cannot read with its password.
import { type ProxyServer, parseProxy } from './proxy-address.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A proxy as Node reads it. @throws Error for what is none, without its credentials */
export function proxyForNode(text: string): string {
  return addressForNode(parseProxy(text));
}

/** A proxy as Node reads it. */
export function addressForNode({ shown, credentials }: ProxyServer): string {
  if (credentials === null) return shown;
  const [user, password] = [credentials.user, credentials.password].map(encodeURIComponent);
  return shown.replace('://', () => `://${user}:${password}@`);
}

/**
 * The proxies that variables name, as `proxyEnv` of an agent and `setGlobalProxyFromEnv()` take them; names in capitals go first, as in Go.
 * @throws Error that names the variable which holds none
 */
export function proxiesForNode(env: Variables): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) {
    const variable = env[name] ? name : name.toLowerCase();
    const text = env[variable]?.trim();
    if (!text) continue;
    try {
      found[name] = proxyForNode(text);
    } catch (error) {
      throw new Error(`the environment variable ${variable} cannot be used: ${(error as Error).message}`);
    }
  }
  const except = env['NO_PROXY'] || env['no_proxy'];
  return except ? { ...found, NO_PROXY: except } : found;
}

/** Reached directly, as in Go: Node knows no blocks of addresses. */
const HERE = ['localhost', '127.0.0.1', '[::1]', '::1'];
let isProxied = false;

/**
 * Has every `fetch()` of this thread go through the proxies that its environment names, from now on.
 * @throws Error that names the variable which holds none
 */
export function useProxiesForFetch(): void {
  if (isProxied) return;
  const proxies = proxiesForNode(process.env);
  if (proxies['HTTP_PROXY'] !== undefined || proxies['HTTPS_PROXY'] !== undefined)
    // Most runs need no client of Node's.
    process
      .getBuiltinModule('node:http')
      .setGlobalProxyFromEnv({ ...proxies, NO_PROXY: [proxies['NO_PROXY'] ?? '', ...HERE].join(',') });
  isProxied = true;
}
