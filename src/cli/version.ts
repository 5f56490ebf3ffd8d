// `sixfold version`: which Sixfold on which Node.
import type { Command } from 'commander';
import { VERSION } from '../options/package-version.ts';
import { addNotes } from './help-page.ts';

/** Adds `sixfold version` to the program. */
export function registerVersion(program: Command): void {
  const command = program
    .command('version')
    .description('print the version')
    .option('--json', 'print JSON, for machines')
    .action((flags: { json?: boolean }) => {
      process.stdout.write(flags.json ? `${JSON.stringify(describe(), null, 2)}\n` : `${describeInWords()}\n`);
    });
  addNotes(command, {
    examples: [['sixfold version --json', 'for programs']],
  });
}

function describe(): { version: string; node_version: string; os: string; arch: string } {
  return { version: VERSION, node_version: process.version, os: process.platform, arch: process.arch };
}

function describeInWords(): string {
  const { version, node_version, os, arch } = describe();
  return `sixfold v${version} (node ${node_version}, ${os}/${arch})`;
}
