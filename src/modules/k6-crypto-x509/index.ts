// `k6/crypto/x509`: what certificates say (https://grafana.com/docs/k6/latest/javascript-api/k6-crypto/x509/).
import type { HostModule } from '../../vu/environment.ts';
import { type Certificate, parseCertificate } from './certificate.ts';

/** What each function gives of a certificate. */
const PARTS: Readonly<Record<string, (certificate: Certificate) => unknown>> = {
  parse: (certificate) => certificate,
  getAltNames: ({ altNames }) => altNames,
  getIssuer: ({ issuer }) => issuer,
  getSubject: ({ subject }) => subject,
};

export const x509Module: HostModule = {
  specifier: 'k6/crypto/x509',
  create({ realm }) {
    const named = Object.fromEntries(
      Object.entries(PARTS).map(([name, part]) => [
        name,
        realm.hostFunction(name, 1, (pem: unknown) => realm.fromHost(part(parseCertificate(String(pem))))),
      ]),
    );
    return () => ({ named });
  },
};
