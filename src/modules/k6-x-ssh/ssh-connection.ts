// One SSH connection, by ssh2 over a dialled stream: its failures are errors of the catalogue.
import { createHash } from 'node:crypto';
import type { Client, ClientChannel } from 'ssh2';
import type { Connection } from '../../wire/net/connection.ts';
import { DialedStream } from '../../wire/net/dialed-stream.ts';
import { type TimerHandle, timerWheel } from '../../wire/net/timer-wheel.ts';
import { WireError } from '../../wire/net/wire-error.ts';
import type { SshTarget } from './ssh-params.ts';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null where a signal has ended it. */
  readonly exitCode: number | null;
  /** `TERM`, `KILL` …; empty where none has. */
  readonly signal: string;
}

export interface CommandLimits {
  readonly input: string | null;
  /** 0: none. */
  readonly timeoutMs: number;
  readonly outputOctets: number;
}

export class SshConnection {
  readonly #client: Client;
  /** Told why it is over: the handshake and the commands in progress. */
  readonly #pending = new Set<(error: WireError) => void>();
  #isOver = false;
  #isReady = false;

  /** @param client of ssh2's, not connected yet */
  constructor(client: Client) {
    this.#client = client;
  }

  /** Shakes hands and authenticates. Rejects with a WireError. */
  open(target: SshTarget, dialing: Promise<Connection>): Promise<void> {
    const client = this.#client;
    const opened = this.#wait<void>((resolve) => {
      client.once('ready', () => {
        this.#isReady = true;
        resolve();
      });
    });
    let hostKeyFault: WireError | null = null;
    client.on('error', (error) => this.#end(hostKeyFault ?? toSshError(error, this.#isReady)));
    client.on('close', () =>
      this.#end(hostKeyFault ?? new WireError(2403, 'ssh: the server has closed the connection')),
    );
    const { host, port, username, password, privateKey, passphrase, hostKey, timeoutMs } = target;
    try {
      client.connect({
        host,
        port,
        username,
        sock: new DialedStream(dialing),
        readyTimeout: timeoutMs,
        hostVerifier: (key: Buffer) => {
          const found = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
          if (hostKey === null || found === hostKey) return true;
          const kind = 'ssh: the host key is not the one that is expected';
          hostKeyFault = new WireError(2402, `${kind}: ${found}`, { kind });
          return false;
        },
        ...(password === null ? {} : { password, tryKeyboard: false }),
        ...(privateKey === null ? {} : { privateKey }),
        ...(passphrase === null ? {} : { passphrase }),
      });
    } catch (error) {
      // A key that cannot be read, or is encrypted.
      this.#end(
        new WireError(2401, `ssh: ${(error as Error).message}`, { kind: 'ssh: the private key cannot be used' }),
      );
      dialing.then(
        (connection) => connection.destroy(),
        () => {},
      );
    }
    return opened;
  }

  /** Runs a command to its end. Rejects with a WireError where that cannot be known. */
  run(command: string, { input, timeoutMs, outputOctets }: CommandLimits): Promise<CommandResult> {
    let channel: ClientChannel | null = null;
    let timer: TimerHandle | null = null;
    const result = this.#wait<CommandResult>((resolve, reject) => {
      const give = (error: WireError): void => {
        reject(error);
        channel?.destroy();
      };
      if (timeoutMs > 0) {
        const kind = 'ssh: the command did not end in time';
        timer = timerWheel.schedule(timeoutMs, () => give(new WireError(2404, `${kind} (${timeoutMs} ms)`, { kind })));
      }
      this.#client.exec(command, (error, opened) => {
        if (error !== undefined) {
          give(new WireError(2405, `ssh: ${error.message}`));
          return;
        }
        channel = opened;
        collect(opened, outputOctets, resolve, give);
        opened.end(input ?? '');
      });
    });
    return result.finally(() => {
      if (timer !== null) timerWheel.cancel(timer);
    });
  }

  /** Ends it; what is in progress fails with that reason. */
  close(reason: WireError): void {
    this.#end(reason);
    // Written before it is destroyed: the server hears of the end.
    this.#client.end();
    this.#client.destroy();
  }

  #wait<T>(start: (resolve: (value: T) => void, reject: (error: WireError) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (error: WireError): void => {
        this.#pending.delete(fail);
        reject(error);
      };
      if (this.#isOver) {
        reject(new WireError(2403, 'ssh: not connected'));
        return;
      }
      this.#pending.add(fail);
      try {
        start((value) => {
          this.#pending.delete(fail);
          resolve(value);
        }, fail);
      } catch (error) {
        fail(toSshError(error, true));
      }
    });
  }

  #end(error: WireError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const fail of [...this.#pending]) fail(error);
  }
}

/** Takes in what a command writes, until it has told how it ended. */
function collect(
  channel: ClientChannel,
  outputOctets: number,
  resolve: (result: CommandResult) => void,
  reject: (error: WireError) => void,
): void {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let octets = 0;
  let ending: { readonly exitCode: number | null; readonly signal: string } | null = null;
  const take = (into: Buffer[]) => (data: Buffer) => {
    octets += data.length;
    if (octets <= outputOctets) into.push(data);
    else reject(new WireError(1702, `ssh: the command wrote more than ${outputOctets} bytes (maxResponseBytes)`));
  };
  channel.on('data', take(stdout));
  channel.stderr.on('data', take(stderr));
  channel.on('exit', (code: number | null, signal?: string) => {
    ending = { exitCode: code, signal: (signal ?? '').replace(/^SIG/, '') };
  });
  channel.on('error', (error: Error) => reject(toSshError(error, true)));
  channel.on('close', () => {
    if (ending === null) reject(new WireError(2403, 'ssh: the command did not tell how it ended'));
    else
      resolve({
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
        ...ending,
      });
  });
}

/** @param isReady whether the handshake was over */
function toSshError(error: unknown, isReady: boolean): WireError {
  if (error instanceof WireError) return error;
  const { message = String(error), level = '' } = error as { message?: string; level?: string };
  switch (level) {
    case 'client-authentication':
      return new WireError(2401, 'ssh: all configured authentication methods failed', { cause: error });
    case 'client-timeout':
      return new WireError(2404, 'ssh: handshake timeout', { cause: error });
    default: {
      const isEnd = /before handshake|not connected|closed/i.test(message);
      return new WireError(isEnd ? 2403 : 2400, `ssh: ${message}`, {
        cause: error,
        kind: isEnd ? 'ssh: connection lost' : isReady ? 'ssh: protocol error' : 'ssh: handshake failed',
      });
    }
  }
}
