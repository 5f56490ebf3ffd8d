// What an uploaded script asks for: its init code runs once, with the rights of a run.
import path from 'node:path';
import type { Requirements } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { RunProcess } from '../runs/run-process.ts';
import { newId } from '../storage/new-id.ts';
import { WaitingLine } from '../waiting-line.ts';
import type { Upload } from './check-upload.ts';

const PATIENCE_MS = 60_000;
const MOST_AT_ONCE = 2;
const MOST_WAITING = 100;
/** Of one project, while another one is checked: it takes no turn of others. */
const MOST_WAITING_OF_PROJECT = 20;

const line = new WaitingLine(MOST_AT_ONCE, MOST_WAITING);
const linesOfProjects = new Map<string, WaitingLine>();

export type Inspection =
  | { readonly ok: true; readonly requirements: Requirements }
  | { readonly ok: false; readonly problem: string };

/**
 * One at a time of a project, a few in all.
 * @param variables of the script, `__ENV`
 * @param signal whoever wants to know has gone, or the server ends: nothing of it goes on
 * @throws LineFull where too many wait
 * @throws what the signal was aborted with
 */
export async function inspectUpload(
  context: ServiceContext,
  projectId: string,
  upload: Upload,
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Inspection> {
  const own = linesOfProjects.get(projectId) ?? new WaitingLine(1, MOST_WAITING_OF_PROJECT);
  linesOfProjects.set(projectId, own);
  try {
    return await own.run(() => line.run(() => inspect(context, upload, variables, signal), signal), signal);
  } finally {
    if (own.isEmpty) linesOfProjects.delete(projectId);
  }
}

async function inspect(
  context: ServiceContext,
  { bytes, kind, fileName }: Upload,
  variables: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Inspection> {
  signal.throwIfAborted();
  return await new Promise<Inspection>((resolve, reject) => {
    let found: Inspection | null = null;
    let isLate = false;
    const files = { bytes, type: kind === 'archive' ? ('archive' as const) : ('js' as const), fileName };
    const child = new RunProcess(
      path.join(context.folder, 'work', `inspect-${newId()}`),
      files,
      {
        purpose: 'inspect',
        id: '',
        variables,
        options: {},
        secrets: {},
        workers: 1,
        limits: { maxVus: Number.MAX_SAFE_INTEGER, maxDurationMs: Number.MAX_SAFE_INTEGER },
        targets: { allowed: [], blocked: [] },
        baseline: { name: '', records: [] },
        cluster: null,
      },
      {
        onMessage: (message) => {
          if (message.type === 'inspected') found = { ok: true, requirements: message.requirements };
          if (message.type === 'end' && message.exitCode !== 0)
            found = { ok: false, problem: message.reason ?? `it ended with ${message.exitCode}` };
        },
        onExit: (_code, _signal, lastWords) => {
          child.clean();
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          if (signal.aborted) reject(signal.reason);
          resolve(
            found ?? {
              ok: false,
              problem: isLate
                ? `its init code took more than ${PATIENCE_MS / 1000} s`
                : `its init code ended the process${lastWords === '' ? '' : `: ${lastWords.slice(-500)}`}`,
            },
          );
        },
      },
    );
    const end = (): void => child.kill();
    signal.addEventListener('abort', end, { once: true });
    const timer = setTimeout(() => {
      isLate = true;
      child.kill();
    }, PATIENCE_MS);
  });
}
