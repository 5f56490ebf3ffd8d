// A target in a process of its own, started by spawn-target.ts: it says where it is, and ends with the process that started it.
import { startTarget } from './target.ts';

const [host, port] = process.argv.slice(2);
try {
  const { addresses } = await startTarget({ ...(host ? { host } : {}), ...(port ? { port: Number(port) } : {}) });
  process.send?.({ addresses });
} catch (error) {
  process.send?.({ problem: (error as Error).message });
  process.exitCode = 1;
  process.disconnect?.();
}
// The parent stops us; a Ctrl-C in its terminal must not take the target away from under a test that is still ending.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
