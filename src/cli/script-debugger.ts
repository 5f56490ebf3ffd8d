// The port that a debugger of the script attaches to (Node's page "Inspector").
import inspector from 'node:inspector';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { DebuggerRequest } from './flags/debugger-flags.ts';

/**
 * Opens the port; Node itself says where. Waits for the debugger where the script is to stop at its start.
 * @returns closes it, and what is attached to it
 * @throws ExitError 255 where it cannot be opened
 */
export function openDebugger({ host, port, breaksAtStart }: DebuggerRequest): () => void {
  if (inspector.url() !== undefined)
    throw new ExitError(
      EXIT.other,
      '--inspect: Node was started with a debugger of its own (NODE_OPTIONS?): leave one of them out',
    );
  if (!/^(?:127\.|localhost$|::1$)/.test(host))
    console.error(`--inspect listens on ${host}: whoever reaches it can run any code on this machine`);
  inspector.open(port, host, breaksAtStart);
  if (inspector.url() === undefined)
    throw new ExitError(
      EXIT.other,
      `--inspect: ${host}:${port} cannot be listened on: is it in use, and is ${host} this machine?`,
    );
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  const onSignal = (): void => {
    void letGo().then(close);
  };
  const close = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('exit', close);
    inspector.close();
  };
  // A test that is asked to end does not stand still at a breakpoint, and the program does not wait for its debugger to go first.
  for (const signal of signals) process.on(signal, onSignal);
  process.on('exit', close);
  return close;
}

/** Lets threads go on that a debugger has stopped: nothing else reaches them. Resolves when the first one has. */
function letGo(): Promise<void> {
  const session = new inspector.Session();
  session.connect();
  return new Promise<void>((resolve) => {
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => {
      const send = (id: number, method: string): void =>
        session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method }) });
      send(1, 'Debugger.enable');
      send(2, 'Debugger.resume');
    });
    session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      if ((JSON.parse(params.message) as { id?: number }).id === 2) resolve();
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }).finally(() => session.disconnect());
}
