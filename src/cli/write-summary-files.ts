// Writes what handleSummary returned to where it said.
import { writeFileSync } from 'node:fs';
import type { SummaryFiles } from '../execution/load-plane/summary-files.ts';
import type { Terminal } from './terminal.ts';

/** @returns what could not be written, a sentence for each file; the others are */
export function writeSummaryFiles(files: SummaryFiles, terminal: Terminal): string[] {
  const problems: string[] = [];
  for (const [destination, content] of Object.entries(files)) {
    const text = (): string => (typeof content === 'string' ? content : Buffer.from(content).toString());
    if (destination === 'stdout') terminal.stdout(text());
    else if (destination === 'stderr') terminal.stderr(text());
    else {
      try {
        writeFileSync(destination, content);
      } catch (error) {
        problems.push(`handleSummary: could not write "${destination}": ${(error as Error).message}`);
      }
    }
  }
  return problems;
}
