// A browser that forgets what it is asked, as Chromium does now and then: between it and who asks, some commands are lost.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

export interface ForgetfulBrowser {
  readonly endpoint: string;
  /** The commands that were lost. */
  readonly forgotten: readonly string[];
  close(): void;
}

/** @param methods of which the first command each is lost @param endpoint of the browser behind it */
export async function forgetFirst(methods: readonly string[], endpoint: string): Promise<ForgetfulBrowser> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const forgotten: string[] = [];
  server.on('connection', (near) => {
    const far = new WebSocket(endpoint, { perMessageDeflate: false });
    const opened = once(far, 'open');
    near.on('message', async (data: Buffer) => {
      const { method } = JSON.parse(data.toString()) as { method: string };
      if (methods.includes(method) && !forgotten.includes(method)) {
        forgotten.push(method);
        return;
      }
      await opened;
      far.send(data.toString());
    });
    far.on('message', (data: Buffer) => near.send(data.toString()));
    near.on('close', () => far.terminate());
    far.on('close', () => near.terminate());
  });
  return {
    endpoint: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/devtools`,
    forgotten,
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
