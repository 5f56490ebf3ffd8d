// The process of one run: it has the rights that the run needs and no others, and says all that happens to the server that started it.
import { followServer, takeTask } from './child-link.ts';

followServer();
takeTask(async (task, link) => {
  if (task.purpose === 'inspect') (await import('./inspect-task.ts')).inspectTask(task, link);
  else (await import('./run-task.ts')).runTask(task, link);
});
