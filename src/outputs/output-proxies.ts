// What outputs go through to their servers: the proxies that the environment names, by the rules that hold for requests, or one of their own.
import { proxiesForNode } from '../addresses/node-proxies.ts';
import { ProxyRules } from '../wire/net/proxy-rules.ts';
import { OutputError } from './output-error.ts';

/**
 * @param given the proxy for everything, whatever the environment says; '' or missing: there is none
 * @throws OutputError for what is no proxy
 */
export function readOutputProxies(given = ''): ProxyRules {
  try {
    if (given !== '') return new ProxyRules({ all: given, http: '', https: '', noProxy: '' });
    const { HTTP_PROXY: http = '', HTTPS_PROXY: https = '', NO_PROXY: noProxy = '' } = proxiesForNode(process.env);
    return new ProxyRules({ all: null, http, https, noProxy });
  } catch (error) {
    throw new OutputError((error as Error).message);
  }
}
