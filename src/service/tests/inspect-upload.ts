// What an uploaded script asks for: its init code runs once, with the rights of a run.
import path from 'node:path';
import type { Requirements } from '../api/documents.ts';
import type { ServiceContext } from '../context.ts';
import { blockedAddresses } from '../runs/blocked-addresses.ts';
import { RunProcess } from '../runs/run-process.ts';
import { newId } from '../storage/new-id.ts';
import type { Upload } from './check-upload.ts';

const PATIENCE_MS = 60_000;
const MOST_AT_ONCE = 2;

let running = 0;
const waiting: (() => void)[] = [];

export type Inspection =
  | { readonly ok: true; readonly requirements: Requirements }
  | { readonly ok: false; readonly problem: string };

/** @param variables of the script, `__ENV` */
export async function inspectUpload(
  context: ServiceContext,
  { bytes, kind, fileName }: Upload,
  variables: Readonly<Record<string, string>>,
): Promise<Inspection> {
  while (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => void waiting.push(resolve));
  running++;
  try {
    return await new Promise<Inspection>((resolve) => {
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
          blocked: blockedAddresses(),
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
            clearTimeout(timer);
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
      const timer = setTimeout(() => {
        isLate = true;
        child.kill();
      }, PATIENCE_MS);
    });
  } finally {
    running--;
    waiting.shift()?.();
  }
}
