// The page: the run that lies in the file, else the one of the server that gave it.
import 'uplot/dist/uPlot.min.css';
import './style.css';
import './comparison.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { findEmbedded, unpackRun } from './data/embedded.ts';
import { followServer } from './data/live.ts';
import { problem, theme, view } from './data/model.ts';
import { App } from './view/app.tsx';
import { titleOf } from './view/verdict.tsx';

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

effect(() => {
  document.title = titleOf();
});

async function start(): Promise<void> {
  const embedded = findEmbedded();
  try {
    if (embedded !== null) view.value = await unpackRun(embedded, false);
    else await followServer();
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

render(<App />, document.getElementById('app')!);
void start();
