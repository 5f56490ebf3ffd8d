import { parseProxy } from '../addresses/proxy-address.ts';
import { invalidConfig } from '../exit/exit-error.ts';
import type { ProxySettings } from '../wire/net/proxy-rules.ts';

/**
 * Which proxies a test uses: those of the `httpProxy` option, else those of HTTP_PROXY and HTTPS_PROXY, as Go programs read them
 * (capitals first).
 * @param option '' for no proxy, whatever the variables say
 * @throws ExitError 104 for a variable that cannot be read
 */
export function readProxies(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): ProxySettings {
  const nameOf = (name: string): string => (env[name] ? name : name.toLowerCase());
  const read = (name: string): string => env[nameOf(name)] || '';
  const noProxy = read('NO_PROXY');
  if (option !== undefined) return { all: option, http: '', https: '', noProxy };
  const readProxy = (name: string): string => {
    const text = read(name).trim();
    try {
      if (text !== '') parseProxy(text);
    } catch (error) {
      throw invalidConfig(`the environment variable ${nameOf(name)} cannot be used: ${(error as Error).message}`);
    }
    return text;
  };
  // A server hands a request's Proxy header to CGI programs in this variable: it is a stranger's (golang.org/s/cgihttpproxy).
  const http = env['REQUEST_METHOD'] ? '' : readProxy('HTTP_PROXY');
  return { all: null, http, https: readProxy('HTTPS_PROXY'), noProxy };
}
