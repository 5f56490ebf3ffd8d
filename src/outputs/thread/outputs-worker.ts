// The thread of the outputs: folds and encodes samples and sends them to servers.
import { enableCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { FromOutputs, ToOutputs } from './outputs-protocol.ts';

enableCompileCache();

const { OutputsSession } = await import('./outputs-session.ts');
const port = parentPort!;
const session = new OutputsSession((message: FromOutputs) => port.postMessage(message));
port.on('message', (message: ToOutputs) => session.take(message));
