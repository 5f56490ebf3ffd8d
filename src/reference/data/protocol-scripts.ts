import { FULL_QUEUE, NAMES, PROTOCOLS, SILENT } from './target-places.ts';

// Scripts that meet codes of names, connections that do not come about, and protocols other than HTTP.

const isCode = (code: number): string => `{ 'error_code is ${code}': (e) => e.error_code === ${code} }`;

/** A question to the target's name server, which answers as the name asks. */
const dnsScript = (code: number, name: string): string => `import { check } from 'k6';
import dns from 'k6/x/dns';

export default async function () {
  const error = await dns.resolve('${name}.test', 'A', '${NAMES}').catch((thrown) => thrown);
  check(error, ${isCode(code)});
}
`;

/** gRPC, since its connections have a time limit of their own. */
const connectScript = (code: number, address: string, params: string): string => `import grpc from 'k6/net/grpc';

export const options = { thresholds: { 'grpc_connecting{error_code:${code}}': ['max>0'] } };

const client = new grpc.Client();

export default function () {
  try {
    client.connect('${address}', { ${params} });
  } catch (error) {
    console.log(error.message);
  }
}
`;

const redisScript = (code: number): string => `import { check } from 'k6';
import redis from 'k6/x/redis';

const client = new redis.Client('redis://${PROTOCOLS}');

export default async function () {
  const error = await client.get('code:${code}').catch((thrown) => thrown);
  check(error, ${isCode(code)});
}
`;

/** @param database 28P01 is one that nobody is let into */
const sqlScript = (code: number, state: string, database = 'shop'): string => `import { check } from 'k6';
import sql from 'k6/x/sql';
import driver from 'k6/x/sql/driver/postgres'; // npm install pg

const db = sql.open(driver, 'postgres://shop@${PROTOCOLS}/${database}?sslmode=disable');

export default function () {
  try {
    db.query("select '${state}'");
  } catch (error) {
    check(error, ${isCode(code)});
  }
}
`;

/**
 * @param action what the client does once it is connected
 * @param params of connect()
 */
const mqttScript = (code: number, action = '', params = ''): string => `import { check } from 'k6';
import { Client } from 'k6/x/mqtt';

export default function () {
  const client = new Client({ client_id: 'code-${code}' });
  client.on('error', (error) => {
    check(error, ${isCode(code)});
    client.end();
  });
  client.connect('mqtt://${PROTOCOLS}'${params});${action === '' ? '' : `\n  ${action}`}
}
`;

/**
 * @param params more of what connect() takes
 * @param limits of the command
 */
const sshScript = (code: number, params = '', limits = ''): string => `import { check } from 'k6';
import ssh from 'k6/x/ssh'; // npm install ssh2

export default function () {
  try {
    ssh.connect({ host: '${host(PROTOCOLS)}', port: ${port(PROTOCOLS)}, username: 'code-${code}', password: 'demo'${params} });
    ssh.run('code ${code}'${limits});
  } catch (error) {
    check(error, ${isCode(code)});
  } finally {
    ssh.close();
  }
}
`;

const host = (address: string): string => address.split(':')[0]!;
const port = (address: string): string => address.split(':')[1]!;

/** A fingerprint that no server has. */
const OTHER_KEY = `, host_key: 'SHA256:${'A'.repeat(43)}'`;

const SCRIPTS: Readonly<Record<number, string>> = {
  1100: dnsScript(1100, 'notimp'),
  1101: dnsScript(1101, 'nxdomain'),
  1102: dnsScript(1102, 'silent'),
  1103: dnsScript(1103, 'servfail'),
  1104: dnsScript(1104, 'refused'),
  1211: connectScript(1211, FULL_QUEUE, "plaintext: true, timeout: '300ms'"),
  1323: connectScript(1323, SILENT, "timeout: '2s'"),
  2000: redisScript(2000),
  2001: redisScript(2001),
  2002: redisScript(2002),
  2003: redisScript(2003),
  2004: redisScript(2004),
  2005: redisScript(2005),
  2100: sqlScript(2100, '22012'),
  2101: sqlScript(2101, '28P01', '28P01'),
  2102: sqlScript(2102, '23505'),
  2103: sqlScript(2103, '42P01'),
  2104: sqlScript(2104, '40001'),
  2105: sqlScript(2105, '53300'),
  2106: sqlScript(2106, '57P01'),
  2300: mqttScript(2300),
  2301: mqttScript(2301),
  2302: mqttScript(2302, "client.subscribe('code/2302');"),
  2303: mqttScript(2303),
  2304: mqttScript(2304),
  2305: mqttScript(2305, '', ', { connect_timeout: 500 }'),
  2400: sshScript(2400),
  2401: sshScript(2401),
  2402: sshScript(2402, OTHER_KEY),
  2403: sshScript(2403),
  2404: sshScript(2404, '', ", { timeout: '500ms' }"),
  2405: sshScript(2405),
};

/** @returns null where there is none */
export function protocolScript(code: number): string | null {
  return SCRIPTS[code] ?? null;
}
