// A run that goes on, as its server tells of it: everything once, then cell after cell.
import { problem } from './model.ts';

export async function followServer(): Promise<void> {
  problem.value = 'There is no run in this file.';
}
