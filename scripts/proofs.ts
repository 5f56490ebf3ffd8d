// The proofs of the compilers at length: every file of Google's APIs; the whole grid, 100 000 random programs in each mode,
// every package in each form and mode.
//
//   npm run proofs                        all of them: hours, so `nice` it
//   npm run proofs -- --count 5000 --seed 7    fewer random programs, or others
import { parseArgs } from 'node:util';
import { ROOT } from './root.ts';
import { runProgram } from './run-program.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
process.env['SIXFOLD_PROOFS'] = 'whole';
process.env['SIXFOLD_FUZZ'] = values.count;
process.env['SIXFOLD_FUZZ_SEED'] = values.seed;
const files = [
  ...['ads', 'cloud', 'other'].map((part) => `protoc/google-${part}`),
  ...['first', 'second', 'third'].map((part) => `compiler/operand-grid-${part}`),
  'packages/packages',
  'random-programs/first-half',
  'random-programs/second-half',
];
const paths = files.map((name) => `test/${name}.test.ts`);
const { exit } = await runProgram(process.execPath, ['--test', '--test-concurrency=2', ...paths], { cwd: ROOT });
process.exitCode = exit;
