// The page: the run that lies in the file, else the one of the server that gave it.
import 'uplot/dist/uPlot.min.css';
import './style.css';
import './comparison.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { findEmbedded, unpackRun } from './data/embedded.ts';
import { followServer } from './data/live.ts';
import { problem, view } from './data/model.ts';
import { orders } from './data/orders.ts';
import { authorised, hasToken } from './data/server.ts';
import './data/apply-theme.ts';
import { App } from './view/app.tsx';
import { RunTools } from './view/header.tsx';
import { titleOf } from './view/verdict.tsx';

effect(() => {
  document.title = titleOf();
});

async function start(): Promise<void> {
  const embedded = findEmbedded();
  try {
    if (embedded !== null) view.value = await unpackRun(embedded, false);
    else {
      if (hasToken())
        orders.value = async (order) => {
          await authorised('api/control', { method: 'POST', body: JSON.stringify(order) });
        };
      await followServer();
    }
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

render(<App tools={(run) => <RunTools run={run} />} />, document.getElementById('app')!);
void start();
