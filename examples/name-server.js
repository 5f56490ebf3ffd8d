// How fast names are resolved, by the system and – where DNS_SERVER names one, such as 1.1.1.1:53 – by a name server
// (of the name DNS_RECORD).
// needs: dnsmasq
// try: --iterations 5
import { check } from 'k6';
import dns from 'k6/x/dns';

const server = __ENV.DNS_SERVER;
const name = __ENV.DNS_NAME || 'localhost';

export const options = {
  vus: 2,
  iterations: 20,
  thresholds: { dns_lookup_duration: ['p(95)<1000'] },
};

export default async function () {
  const addresses = await dns.lookup(name);
  check(addresses, { 'the system knows the name': (found) => found.length > 0 });
  if (server) {
    const found = await dns.resolve(__ENV.DNS_RECORD || name, 'A', server);
    check(found, { 'the name server knows it, too': (list) => list.length > 0 });
  }
}
