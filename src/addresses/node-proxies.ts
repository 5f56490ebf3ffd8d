// Proxies for the clients of Node itself: fetch(), and the agents of node:http. They take fewer forms of them than we do, and show what
// they cannot read with its password.
import { parseProxy } from './proxy-address.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A proxy as Node reads it. @throws Error for what is none, without its credentials */
export function proxyForNode(text: string): string {
  const { shown, credentials } = parseProxy(text);
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
