// `--out lines=FILE`: how many samples each metric had, a line each.
import { writeFile } from 'node:fs/promises';

/** @type {import('sixfold/extension').ExtensionOutput} */
export default {
  create({ argument }) {
    if (argument === '') throw new Error('name a file, as in --out lines=counts.txt');
    const counts = new Map();
    return {
      addSamples(samples) {
        for (const { metric } of samples) counts.set(metric, (counts.get(metric) ?? 0) + 1);
      },
      stop: () => writeFile(argument, [...counts].map(([metric, count]) => `${metric} ${count}\n`).join('')),
    };
  },
};
