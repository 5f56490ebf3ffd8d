// Colours where CSS does not reach: the canvases of charts. Codes by how frequent they are; told apart in every kind of sight.
import { isDark } from '../data/model.ts';

const CODES = {
  light: ['#ac0304', '#0c64ad', '#c8830b', '#01a85f', '#6b3d68', '#6631cf', '#8a8c93'],
  dark: ['#f95f60', '#81abf6', '#ce7a15', '#25dd9f', '#b367a5', '#9663f3', '#bbc6d8'],
} as const;

/** How many codes have a colour of their own; the last one is for all others. */
export const CODE_COLOURS = 7;

export interface Palette {
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly area: string;
  readonly shade: string;
  readonly p50: string;
  readonly p95: string;
  readonly p99: string;
  readonly codes: readonly string[];
}

const LIGHT: Palette = {
  ink: '#16191f',
  ink2: '#565c66',
  ink3: '#696f79',
  line: '#ebe8e1',
  area: 'rgba(86, 92, 102, .13)',
  shade: '#f3ece4',
  p50: '#6b94ea',
  p95: '#2f5bd3',
  p99: '#142a6b',
  codes: CODES.light,
};

const DARK: Palette = {
  ink: '#e9ebee',
  ink2: '#a6adb8',
  ink3: '#8e96a3',
  line: '#222831',
  area: 'rgba(166, 173, 184, .13)',
  shade: '#1d1a1c',
  p50: '#4f78cf',
  p95: '#86abff',
  p99: '#d8e4ff',
  codes: CODES.dark,
};

export function palette(): Palette {
  return isDark.value ? DARK : LIGHT;
}

/** @param rank 0 is the most frequent code */
export function codeColour(rank: number): string {
  return palette().codes[Math.min(rank, CODE_COLOURS - 1)]!;
}
