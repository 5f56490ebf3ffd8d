// All routes of the API.
import type { ServiceContext } from '../context.ts';
import type { LiveRuns } from '../runs/live-run.ts';
import type { Route } from './route.ts';
import { openIdRoutes } from './routes/open-id-routes.ts';
import { peopleRoutes } from './routes/people-routes.ts';
import { projectRoutes } from './routes/project-routes.ts';
import { runRoutes } from './routes/run-routes.ts';
import { scheduleRoutes } from './routes/schedule-routes.ts';
import { serverRoutes } from './routes/server-routes.ts';
import { sessionRoutes } from './routes/session-routes.ts';
import { testRoutes } from './routes/test-routes.ts';
import { webhookRoutes } from './routes/webhook-routes.ts';

export function allRoutes(context: ServiceContext, live: LiveRuns): Route[] {
  return [
    ...serverRoutes(context),
    ...sessionRoutes(context),
    ...openIdRoutes(context),
    ...peopleRoutes(context),
    ...projectRoutes(context),
    ...testRoutes(context),
    ...runRoutes(context, live),
    ...scheduleRoutes(context),
    ...webhookRoutes(context),
  ];
}
