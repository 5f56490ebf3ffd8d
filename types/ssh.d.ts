// `k6/x/ssh`.

declare module 'k6/x/ssh' {
  export interface ConnectOptions {
    username: string;
    host: string;
    /** 22 where it is left out. */
    port?: number;
    password?: string;
    /** The path of a private key; `~/.ssh/id_rsa` where neither it nor a password is given. */
    rsa_key?: string;
    /** Of Sixfold: the key itself. */
    private_key?: string;
    /** Of Sixfold. */
    passphrase?: string;
    /** Of Sixfold: the fingerprint that the server's key must have, as `SHA256:…`. */
    host_key?: string;
    /** Of Sixfold: for the handshake, authentication included; 30 s where it is left out. */
    timeout?: string | number;
    /** Of Sixfold. */
    tags?: Record<string, string | number | boolean>;
  }
  /** Of Sixfold. */
  export interface CommandOptions {
    /** What the command reads. */
    input?: string;
    timeout?: string | number;
    tags?: Record<string, string | number | boolean>;
  }
  export interface CommandResult {
    stdout: string;
    stderr: string;
    /** Null where a signal has ended it. */
    exit_code: number | null;
    /** `TERM`, `KILL` …; empty where none has. */
    signal: string;
  }

  export function connect(options: ConnectOptions): void;
  /** @returns what the command wrote; throws where it does not end with 0 */
  export function run(command: string, options?: CommandOptions): string;
  /** Of Sixfold. */
  export function exec(command: string, options?: CommandOptions): CommandResult;
  /** Of Sixfold. */
  export function close(): void;

  const ssh: { connect: typeof connect; run: typeof run; exec: typeof exec; close: typeof close };
  export default ssh;
}
