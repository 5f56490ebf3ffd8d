// Fails when a certificate is about to expire. SERVER may name another host and port.
// needs: a certificate
// try: --iterations 1
import { check } from 'k6';
import tls from 'k6/x/tls';

const server = __ENV.SERVER || 'quickpizza.grafana.com';
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

export const options = { iterations: 1, thresholds: { checks: ['rate==1'] } };

export default async function () {
  const certificate = await tls.getCertificate(server);
  check(certificate, {
    'it lasts a week': ({ expires }) => expires - Date.now() > WEEK_MS,
    'it is made out to the server': ({ dns_names: names }) => names.includes(server.replace(/:\d+$/, '')),
  });
  console.log(`${server}: until ${new Date(certificate.expires).toISOString()}, by ${certificate.issuer.common_name}`);
}
