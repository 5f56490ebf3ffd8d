// What the page shows, and what its reader has chosen.
import { computed, signal } from '@preact/signals';
import type { TimelineData } from '../../../src/metrics/timeline/timeline-data.ts';
import type { RunRecord } from '../../../src/report/run-record.ts';

/** A run at a moment. */
export interface RunView {
  readonly record: RunRecord;
  readonly data: TimelineData;
  /** Whether it goes on and a server tells of it. */
  readonly isLive: boolean;
}

/** Slices, `to` not included. */
export interface Selection {
  readonly from: number;
  readonly to: number;
}

export type Theme = 'auto' | 'light' | 'dark';

export const view = signal<RunView | null>(null);
/** Why there is nothing to show. */
export const problem = signal<string | null>(null);
/** null: the whole run. */
export const selection = signal<Selection | null>(null);
/** Whose latency is drawn; null: that of the busiest. */
export const chosenProtocol = signal<string | null>(null);
export const isLogScale = signal(true);
/** Whether the server that told of the run is still there. */
export const isConnected = signal(true);

const STORED_THEME = 'sixfold-theme';

export const theme = signal<Theme>(readTheme());
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(prefersDark.matches);
prefersDark.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
});
export const isDark = computed(() => (theme.value === 'auto' ? systemIsDark.value : theme.value === 'dark'));

/** A file on disk may have no storage. */
function readTheme(): Theme {
  try {
    const stored = localStorage.getItem(STORED_THEME);
    return stored === 'light' || stored === 'dark' ? stored : 'auto';
  } catch {
    return 'auto';
  }
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(STORED_THEME, chosen);
  } catch {
    // It lasts as long as the page then.
  }
}
