// For tests: a cluster of one broker that speaks Kafka's protocol, and a consumer of a topic of it – both in Debian's kcat, as the mock
// cluster of librdkafka ("test.mock.num.brokers"). Its port is another one after each start: clients come by an address that stays.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { hasProgram } from './has-program.ts';

/** Why tests that need it are skipped; false where they run. CI has it installed (.ci/setup). */
export const NO_KAFKA: string | false = process.env['CI'] || hasProgram('kcat') ? false : 'no kcat on this machine';

export class KafkaCluster {
  /** Values of all messages, in the order in which they came, over all starts. */
  readonly messages: string[] = [];
  readonly #topic: string;
  readonly #sockets = new Set<Socket>();
  readonly #door = createServer((socket) => this.#lead(socket));
  #port = 0;
  #child: ChildProcess | null = null;

  constructor(topic: string) {
    this.#topic = topic;
  }

  /** Where clients ask first; the broker tells them where it is itself. */
  get address(): string {
    return `127.0.0.1:${(this.#door.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    if (!this.#door.listening) {
      this.#door.listen(0, '127.0.0.1');
      await once(this.#door, 'listening');
    }
    const words = ['-b', '127.0.0.1:1', '-C', '-u', '-q', '-o', 'beginning', '-t', this.#topic];
    const settings = ['-X', 'test.mock.num.brokers=1', '-X', 'topic.metadata.refresh.interval.ms=500', '-d', 'mock'];
    const child = spawn('kcat', [...words, ...settings], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      this.messages.push(...lines);
    });
    this.#port = await new Promise<number>((resolve, reject) => {
      let log = '';
      const read = (text: string): void => {
        log += text;
        const port = /bootstrap\.servers=127\.0\.0\.1:(\d+)/.exec(log)?.[1];
        if (port === undefined) return;
        // Of every message there is a line: nobody reads them, and the pipe must not fill up.
        child.stderr.off('data', read).resume();
        resolve(Number(port));
      };
      child.stderr.setEncoding('utf8').on('data', read);
      child.on('exit', () => reject(new Error(`kcat ended: ${log}`)));
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
    for (const socket of this.#sockets) socket.destroy();
  }

  async remove(): Promise<void> {
    await this.stop();
    this.#door.close();
  }

  #lead(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    if (this.#child === null) {
      socket.destroy();
      return;
    }
    const broker = connect(this.#port, '127.0.0.1');
    broker.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => broker.destroy());
    socket.pipe(broker).pipe(socket);
  }
}
