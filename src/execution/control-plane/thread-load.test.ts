import type { Worker } from 'node:worker_threads';
import { testLoadHosts } from '../load-host-suite.fixture.ts';
import { onThreads } from './thread-host.ts';

testLoadHosts('threads', (settings) => {
  const threads: Worker[] = [];
  const hosts = onThreads(settings);
  return {
    hosts: {
      counts: hosts.counts,
      start: (index, listener) => {
        // Node tells of each thread that it starts.
        process.once('worker', (worker) => threads.push(worker));
        return hosts.start(index, listener);
      },
    },
    lose: (index) => void threads[index]!.terminate(),
  };
});
