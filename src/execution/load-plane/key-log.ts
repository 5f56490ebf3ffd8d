// SSLKEYLOGFILE: the keys of TLS connections in the format that Wireshark and others read, for whoever looks into encrypted traffic.
import { openSync, writeSync } from 'node:fs';

/**
 * Opens the file for appending; all threads write to the one file, a line at a time.
 * @param onLost called once, when a key cannot be written; none are from then on
 * @returns takes a line of a key log with its line break
 * @throws what the system says
 */
export function openKeyLog(file: string, onLost: (error: Error) => void): (line: Buffer) => void {
  // Whoever can read the keys can read the traffic.
  const descriptor = openSync(file, 'a', 0o600);
  let lost = false;
  return (line) => {
    if (lost) return;
    try {
      writeSync(descriptor, line);
    } catch (error) {
      lost = true;
      onLost(error as Error);
    }
  };
}
