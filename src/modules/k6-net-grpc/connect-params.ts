import { nodeCrypto } from '../../node/late-builtins.ts';
import type { Network } from '../../vu/network.ts';
import type { Metadata } from '../../wire/grpc/metadata.ts';
import { secureContextFor, type TlsParams, trustedAuthorities } from '../../wire/net/tls-params.ts';
import { readMembers, readMetadata, readTimeout } from './script-values.ts';

/** The `params` of connect. */
export interface ConnectParams {
  plaintext: boolean;
  reflect: boolean;
  reflectMetadata: Metadata;
  timeoutMs: number;
  /** Bytes; 0: gRPC's default. */
  maxReceiveSize: number;
  maxSendSize: number;
  authority: string;
  tls: OwnTls | null;
}

/** TLS settings of the call's own, which replace the client certificates of the options. */
interface OwnTls {
  cert: string | undefined;
  key: string | undefined;
  password: string | undefined;
  cacerts: readonly string[];
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** @throws Error that names the param */
export function readConnectParams(value: unknown): ConnectParams {
  const params: ConnectParams = {
    plaintext: false,
    reflect: false,
    reflectMetadata: [],
    timeoutMs: DEFAULT_TIMEOUT_MS,
    maxReceiveSize: 0,
    maxSendSize: 0,
    authority: '',
    tls: null,
  };
  for (const [name, item] of readMembers(value, 'params')) {
    switch (name) {
      case 'plaintext':
      case 'reflect':
        if (typeof item !== 'boolean')
          throw new Error(`invalid ${name} value: '${String(item)}', it needs to be boolean`);
        params[name] = item;
        break;
      case 'reflectMetadata':
        params.reflectMetadata = readMetadata(item);
        break;
      case 'timeout':
        params.timeoutMs = readTimeout(item);
        break;
      case 'maxReceiveSize':
      case 'maxSendSize':
        if (typeof item !== 'number' || !Number.isInteger(item)) {
          throw new Error(`invalid ${name} value: '${String(item)}', it needs to be an integer`);
        }
        if (item < 0) throw new Error(`invalid ${name} value: '${item}', it needs to be a positive integer`);
        params[name] = item;
        break;
      case 'authority':
        if (typeof item !== 'string')
          throw new Error(`invalid authority value: '${String(item)}', it needs to be a string`);
        params.authority = item;
        break;
      case 'tls':
        params.tls = readTls(item);
        break;
      default:
        throw new Error(`unknown connect param: "${name}"`);
    }
  }
  return params;
}

function readTls(value: unknown): OwnTls {
  if (typeof value !== 'object' || value === null) {
    throw new Error(
      `invalid tls value: '${String(value)}', expected (optional) keys: cert, key, password, and cacerts`,
    );
  }
  const given = value as Record<string, unknown>;
  const text = (name: string): string | undefined => {
    const item = given[name];
    if (item === undefined) return undefined;
    if (typeof item !== 'string')
      throw new Error(`invalid tls ${name} value: '${String(item)}', it needs to be a PEM formatted string`);
    return item;
  };
  const cacerts = given['cacerts'];
  const list: unknown[] = cacerts === undefined ? [] : Array.isArray(cacerts) ? cacerts : [cacerts];
  for (const [index, pem] of list.entries()) {
    if (typeof pem !== 'string') {
      throw new Error(
        `invalid tls cacerts value: '${String(pem)}', it needs to be a string or string[] of PEM formatted strings`,
      );
    }
    if (!isCertificate(pem)) throw new Error(`failed to append ca certificate [${index}] from PEM`);
  }
  const own: OwnTls = { cert: text('cert'), key: text('key'), password: text('password'), cacerts: list as string[] };
  if ((own.cert === undefined) !== (own.key === undefined)) {
    throw new Error('invalid tls value: cert and key are both needed for a client certificate');
  }
  return own;
}

function isCertificate(pem: string): boolean {
  try {
    return new (nodeCrypto().X509Certificate)(pem).subject !== undefined;
  } catch {
    return false;
  }
}

/** Lists that were made before, since making one joins it with the system's whole list of authorities. */
const trusted = new Map<string, readonly string[]>();

function trustAlso(cacerts: readonly string[]): readonly string[] {
  const key = cacerts.join('\n');
  let list = trusted.get(key);
  if (!list) trusted.set(key, (list = [...trustedAuthorities(), ...cacerts]));
  return list;
}

/** gRPC is of HTTP/2 alone. */
const GRPC_PROTOCOLS = ['h2'] as const;

/**
 * What to dial with.
 * @param host the name that the server's certificate is for
 * @returns null for a plain connection
 * @throws Error where certificate and key do not fit or cannot be read
 */
export function tlsParamsFor(params: ConnectParams, network: Network, host: string): TlsParams | null {
  if (params.plaintext) return null;
  const own = params.tls;
  if (own === null) return { ...network.tlsFor(host, GRPC_PROTOCOLS), serverName: host };
  const { cert, key, password, cacerts } = own;
  const tls: TlsParams = {
    ...network.tlsWithoutCertificate(GRPC_PROTOCOLS),
    serverName: host,
    ...(cacerts.length > 0 ? { ca: trustAlso(cacerts) } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(password === undefined ? {} : { password }),
  };
  try {
    secureContextFor(tls);
  } catch (error) {
    throw new Error(`failed to create the TLS configuration: ${(error as Error).message}`);
  }
  return tls;
}
