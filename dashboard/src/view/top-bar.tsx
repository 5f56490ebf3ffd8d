// The bar at the top of each page: where one is, where else one can go, and what one can do.
import type { ComponentChildren } from 'preact';
import { chooseTheme, type Theme, theme } from '../data/model.ts';
import { Mark } from './marks.tsx';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

export interface TopBarProps {
  /** Where the name leads. */
  readonly home: string;
  readonly links: readonly { readonly to: string; readonly name: string; readonly isCurrent?: boolean }[];
  /** What the links are, for those who do not see them. */
  readonly label: string;
  /** Buttons. */
  readonly children?: ComponentChildren;
  /** In another language than English. */
  readonly colours?: ColourWords;
}

export interface ColourWords {
  readonly names: Readonly<Record<Theme, string>>;
  readonly change: (now: string, next: string) => string;
}

const ENGLISH: ColourWords = {
  names: { auto: 'Auto', light: 'Light', dark: 'Dark' },
  change: (now, next) => `Colours: ${now}. Change to ${next}`,
};

export function TopBar({ home, links, label, children, colours = ENGLISH }: TopBarProps) {
  const { names, change } = colours;
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
  return (
    <header class="top-bar">
      <div class="column">
        <a class="brand" href={home}>
          <Mark />
          Sixfold
        </a>
        <nav aria-label={label}>
          {links.map(({ to, name, isCurrent }) => (
            <a key={to} href={to} aria-current={isCurrent ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div class="tools">
          <button type="button" onClick={() => chooseTheme(next)} aria-label={change(names[theme.value], names[next])}>
            <svg class="half" viewBox="0 0 16 16" aria-hidden="true">
              <circle cx="8" cy="8" r="6.2" />
              <path d="M8 1.8a6.2 6.2 0 010 12.4z" />
            </svg>
            <span class="theme-name">{names[theme.value]}</span>
          </button>
          {children}
        </div>
      </div>
    </header>
  );
}
