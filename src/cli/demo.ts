import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { BROKEN_PORTS, PORTS } from '../demo/port-list.ts';
import { type SpawnedTarget, spawnTarget } from '../demo/spawn-target.ts';
import type { TargetAddresses } from '../demo/target.ts';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import { addNotes } from './help-page.ts';

const SCRIPT = fileURLToPath(new URL('../../examples/demo.js', import.meta.url));
/** Where the report goes unless somebody says otherwise. */
const REPORT = path.join(os.tmpdir(), 'sixfold-demo.html');

interface DemoFlags {
  readonly serve?: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly config?: string;
  readonly caFile?: string;
  readonly report?: string;
}

/** Adds `sixfold demo` to the program, which must have the command `run`. */
export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('start the built-in target and run a ten-second test of HTTP and gRPC against it')
    .option('--serve', 'only serves: prints the addresses and waits for Ctrl-C')
    .option('--host <address>', 'the address to serve on', '127.0.0.1')
    .addOption(
      new Option(
        '--port <port>',
        `the first of ${PORTS} ports: HTTP, HTTPS, gRPC, gRPC over TLS, those that fail, DNS, others`,
      )
        .argParser(readPort)
        .default(undefined, 'free ones'),
    )
    .option('--config <file>', "writes a config file for run -c that leads k6's public example to the target")
    .addOption(
      new Option('--report <file>', 'where the report of the test goes').default(
        undefined,
        'sixfold-demo.html among temporary files',
      ),
    )
    .option('--ca-file <file>', "writes the certificate of the target's authority, for clients that verify")
    .action(async (flags: DemoFlags) => {
      const target = await startTarget(flags);
      try {
        writeFiles(flags, target.addresses);
        if (flags.serve) await serve(target, flags);
        else await runDemo(program, target, flags.report ?? REPORT);
      } finally {
        await target.stop();
      }
    });
  addNotes(command, {
    examples: [
      ['sixfold demo', 'ten seconds of load, and a report to look at'],
      ['sixfold demo --serve --port 8800', 'only the shop, for scripts of your own'],
    ],
  });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_536 - PORTS)
    throw new InvalidArgumentError(
      `it must be a number from 1 to ${65_536 - PORTS}: ${PORTS} ports in a row are used.`,
    );
  return port;
}

async function startTarget(flags: DemoFlags): Promise<SpawnedTarget> {
  try {
    const { host, port } = flags;
    return await spawnTarget({ ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) });
  } catch (error) {
    throw new ExitError(EXIT.other, (error as Error).message);
  }
}

/**
 * The options that lead scripts for k6's public demo to the target: its names keep their certificates' names, only the
 * address is another.
 */
export function demoConfig(addresses: TargetAddresses): object {
  const { host: http } = new URL(addresses.http);
  const { host: https } = new URL(addresses.https);
  return {
    hosts: {
      'grpc-quickpizza.grafana.com:443': addresses.grpcs,
      'quickpizza.grafana.com:443': https,
      'quickpizza.grafana.com:80': http,
    },
    insecureSkipTLSVerify: true,
  };
}

function writeFiles(flags: DemoFlags, addresses: TargetAddresses): void {
  try {
    if (flags.config !== undefined) writeFileSync(flags.config, `${JSON.stringify(demoConfig(addresses), null, 2)}\n`);
    if (flags.caFile !== undefined) writeFileSync(flags.caFile, addresses.ca);
  } catch (error) {
    throw new ExitError(EXIT.other, `the file cannot be written: ${(error as Error).message}`);
  }
}

async function serve(target: SpawnedTarget, flags: DemoFlags): Promise<void> {
  const { http, https, ws, grpc, grpcs, broken, names, protocols } = target.addresses;
  const row = (name: string, address: string, note: string) =>
    `  ${name.padEnd(15)}${address.padEnd(26)}${note}`.trimEnd();
  const lines = [
    'The demo shop is open.',
    '',
    row('HTTP', http, 'GET / lists what there is'),
    row('HTTPS, HTTP/2', https, ''),
    row('WebSocket', ws, 'and wss: /counter, /echo'),
    row('gRPC', grpc, 'examples/quickpizza.proto'),
    row('gRPC over TLS', grpcs, 'and examples/shop.proto'),
    row('DNS (UDP)', names, 'servfail.test, refused.test, silent.test and more'),
    row('Others', protocols, 'Redis, MQTT, PostgreSQL, SSH: /code/2003 says how'),
    ...(flags.config === undefined
      ? []
      : ['', `  sixfold run -c ${flags.config} SCRIPT`, '  reaches it as grpc-quickpizza.grafana.com:443.']),
    '',
    '  It fails on request, with ?misbehave=status=503, or the header or metadata',
    '  x-misbehave: status=N, delay=MS, rst=N, goaway=N, http=N, reset, close, hang,',
    '  half, headers, malformed, encoding. By path: /status/503, /code/1220, WS /close/1008,',
    '  and gRPC shop.Statuses/NotFound; reflection and health are served.',
    '',
    '  Ports that fail by themselves, which /code/N leads to as well:',
    ...BROKEN_PORTS.map(({ code, what }, i) => `  ${broken[i]}   ${code} ${what}`),
    '  That of 1652 takes /N: 1, 3, 6, 9 and 11, for 1652, 1654, 1657, 1660 and 1662.',
    '  As a proxy, the port of HTTP refuses: 1231, and with credentials 1230.',
    '',
    'Ctrl-C closes the shop.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await Promise.race([interrupted, target.ended]);
}

/** Runs examples/demo.js with the command `run`, as a user would. */
async function runDemo(program: Command, target: SpawnedTarget, report: string): Promise<void> {
  const run = program.commands.find((command) => command.name() === 'run');
  if (!run) throw new Error('the program has no command "run"');
  const { http, grpc } = target.addresses;
  process.stdout.write(
    `The demo shop is open at ${http} (HTTP) and ${grpc} (gRPC). The script is examples/demo.js.\n` +
      'One of its customers is unlucky on purpose: his failures are what the end of the summary explains.\n',
  );
  const shop = ['-e', `SHOP_HTTP=${http}`, '-e', `SHOP_GRPC=${grpc}`];
  await run.parseAsync([...shop, '--report', report, SCRIPT], { from: 'user' });
  process.stdout.write(`Look at the results in a browser: ${pathToFileURL(path.resolve(report)).href}\n`);
}
