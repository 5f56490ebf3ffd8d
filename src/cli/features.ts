// `sixfold features`: the feature flags of k6 that there are.
import type { Command } from 'commander';
import { FEATURE_FLAGS } from '../run/feature-flags.ts';
import { addNotes } from './help-page.ts';

/** Adds `sixfold features` to the program. */
export function registerFeatures(program: Command): void {
  const command = program
    .command('features')
    .description('list the feature flags that --features can switch on')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => {
      process.stdout.write(flags.json ? `${JSON.stringify(FEATURE_FLAGS, null, 2)}\n` : formatTable());
    });
  addNotes(command, {
    examples: [['sixfold run --features merge-run-tags script.js', 'switches one on']],
  });
}

function formatTable(): string {
  const rows = [
    ['FEATURE', 'LIFECYCLE', 'DESCRIPTION'],
    ...FEATURE_FLAGS.map(({ feature, lifecycle, description }) => [feature, lifecycle, description]),
  ] as const;
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows
    .map(
      ([feature = '', lifecycle = '', description = '']) =>
        `${feature.padEnd(widths[0] as number)}  ${lifecycle.padEnd(widths[1] as number)}  ${description}\n`,
    )
    .join('');
}
