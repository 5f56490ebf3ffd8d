import type { Socket } from 'node:net';
import type { Connection } from 'ssh2';

/** Neither a packet of SSH nor the right length of one. */
const NONSENSE = Buffer.alloc(64, 0xff);

let loaded: ReturnType<typeof load> | null = null;

/** The library, and a key of the server, which is another with each start of the target. */
async function load() {
  const { default: ssh2 } = await import('ssh2');
  return { ssh2, hostKey: ssh2.utils.generateKeyPairSync('ed25519').private };
}

/**
 * SSH by ssh2, which `k6/x/ssh` needs as well; where it is not installed, the connection is closed. Whoever is named `code-2401` is not
 * let in; the command `code 2403` breaks the connection off, and so on: those of `serveCommand`. Others do nothing.
 */
export function serveSsh(socket: Socket): void {
  loaded ??= load();
  loaded.then(
    ({ ssh2, hostKey }) =>
      new ssh2.Server({ hostKeys: [hostKey] }, (client) => serveClient(client, socket)).injectSocket(socket),
    () => socket.destroy(),
  );
}

function serveClient(client: Connection, socket: Socket): void {
  client.on('error', () => {});
  client.on('authentication', (context) => {
    if (context.username === 'code-2401') context.reject(['publickey', 'password']);
    else context.accept();
  });
  client.on('session', (accept) => {
    accept().on('exec', (acceptCommand, refuse, { command }) => {
      switch (command) {
        case 'code 2400':
          socket.write(NONSENSE);
          return;
        case 'code 2403':
          socket.destroy();
          return;
        case 'code 2404':
          acceptCommand();
          return;
        case 'code 2405':
          refuse();
          return;
      }
      const channel = acceptCommand();
      channel.exit(0);
      channel.end();
    });
  });
}
