// `k6/x/tls`: a look at a server's certificate (https://grafana.com/docs/k6/latest/javascript-api/k6-x-tls/).
import type { X509Certificate } from 'node:crypto';
import type { Metric } from '../../metrics/metric.ts';
import { createDialRequest } from '../../vu/dial-request.ts';
import type { HostModule, VuEnvironment } from '../../vu/environment.ts';
import { tagFailure, toScriptError } from '../../vu/network-failure.ts';
import type { VirtualUser } from '../../vu/virtual-user.ts';
import type { Connection } from '../../wire/net/connection.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import { describeCertificate } from './describe-certificate.ts';

const HTTPS_PORT = 443;
const HANDSHAKE_MS = 30_000;

export const tlsModule: HostModule = {
  specifier: 'k6/x/tls',
  create(environment) {
    const { realm, registry } = environment;
    const metrics = {
      count: registry.define('tls_handshakes', 'counter'),
      duration: registry.define('tls_handshake_duration', 'trend', 'time'),
    };
    const getCertificate = realm.asyncFunction('getCertificate', 1, async (given: unknown) => {
      const vu = realm.vu as VirtualUser;
      vu.forbidInit('fetching certificates');
      const peer = await shakeHands(environment, vu, readTarget(given), metrics);
      return realm.fromHost(describeCertificate(peer.certificate, peer.fault));
    });
    const exports = { named: { getCertificate } };
    return () => exports;
  },
};

interface Target {
  readonly host: string;
  readonly port: number;
}

/** A dial for the certificate alone: that it cannot be trusted is an answer, not a failure. */
async function shakeHands(
  environment: VuEnvironment,
  vu: VirtualUser,
  target: Target,
  metrics: { readonly count: Metric; readonly duration: Metric },
): Promise<{ readonly certificate: X509Certificate; readonly fault: WireError | null }> {
  const { realm, network, samples } = environment;
  const tags = vu.tags.with('server', `${target.host}:${target.port}`);
  const request = createDialRequest(vu, { ...target, secure: true, timeoutMs: HANDSHAKE_MS });
  const measure = (error: WireError | null, ms: number | null): void => {
    const all = error === null ? tags : tagFailure(environment, tags, 'tls', error);
    samples.add(metrics.count, all, 1, environment.now());
    if (ms !== null) samples.add(metrics.duration, all, ms, environment.now());
  };
  const abort = new AbortController();
  const forget = vu.onInterrupt(() => abort.abort());
  let connection: Connection;
  try {
    connection = await network.dialer.dial({
      ...request,
      tls: request.tls === null ? null : { ...request.tls, rejectUnauthorized: true },
      inspect: true,
      signal: abort.signal,
    });
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    measure(error, null);
    throw toScriptError(realm, error);
  } finally {
    forget();
  }
  const { peer, marks } = connection;
  connection.destroy();
  if (peer === null) {
    const error = new WireError(1300, 'tls: the server sent no certificate');
    measure(error, marks.tlsMs);
    throw toScriptError(realm, error);
  }
  measure(null, marks.tlsMs);
  return peer;
}

/**
 * @param given `example.com`, `example.com:8443`, `[::1]:8443`
 * @throws TypeError that says how it is to be written
 */
function readTarget(given: unknown): Target {
  const text = typeof given === 'string' ? given : '';
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s/]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = digits === undefined ? HTTPS_PORT : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) {
    const shown = typeof given === 'string' ? JSON.stringify(given) : typeof given;
    throw new TypeError(`getCertificate() takes a host such as 'example.com' or 'example.com:8443', not ${shown}`);
  }
  return { host, port };
}
