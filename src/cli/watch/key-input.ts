// Single keys from the terminal, for what runs until somebody ends it.

/** What a key asks for. */
export type KeyRequest = 'again' | 'end' | 'interrupt';

const KEYS: Readonly<Record<string, KeyRequest>> = {
  r: 'again',
  R: 'again',
  '\r': 'again',
  '\n': 'again',
  q: 'end',
  Q: 'end',
  // Ctrl-D.
  '\x04': 'end',
  // Ctrl-C: a terminal that hands on single keys makes no signal of it.
  '\x03': 'interrupt',
};

/** Whether there is somebody who could press a key. */
export function hasKeys(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** @returns gives the terminal its lines back */
export function listenForKeys(onKey: (request: KeyRequest) => void): () => void {
  const { stdin } = process;
  const onData = (data: Buffer): void => {
    for (const key of data.toString('latin1')) if (Object.hasOwn(KEYS, key)) onKey(KEYS[key]);
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  return () => {
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
