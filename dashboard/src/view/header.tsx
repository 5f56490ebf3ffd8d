import { chooseTheme, type RunView, type Theme, theme } from '../data/model.ts';
import { saveReport } from '../data/save-report.ts';
import { placesOf } from '../data/totals.ts';
import { Mark } from './marks.tsx';

/** A file has its run inside. */
const isServed = document.getElementById('run') === null;

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];
const THEME_NAMES: Readonly<Record<Theme, string>> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

export function Header({ run }: { readonly run: RunView }) {
  const links: readonly [string, string, boolean][] = [
    ['comparison', 'Comparison', run.record.comparison !== undefined],
    ['over-time', 'Over time', true],
    ['endpoints', 'Endpoints', placesOf(run, 'endpoint').length > 0],
    ['failures', 'Failures', run.record.failures.length > 0],
    ['checks', 'Checks', run.record.checks.length > 0],
    ['generator', 'Generator', true],
  ];
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length]!;
  return (
    <header class="top-bar">
      <div class="column">
        <a class="brand" href="#top">
          <Mark />
          Sixfold
        </a>
        <nav aria-label="Sections">
          {links
            .filter(([, , isThere]) => isThere)
            .map(([id, name]) => (
              <a key={id} href={`#${id}`}>
                {name}
              </a>
            ))}
        </nav>
        <div class="tools">
          <button
            type="button"
            onClick={() => chooseTheme(next)}
            aria-label={`Colours: ${THEME_NAMES[theme.value]}. Change to ${THEME_NAMES[next]}`}
          >
            <svg class="half" viewBox="0 0 16 16" aria-hidden="true">
              <circle cx="8" cy="8" r="6.2" />
              <path d="M8 1.8a6.2 6.2 0 010 12.4z" />
            </svg>
            {THEME_NAMES[theme.value]}
          </button>
          {isServed ? (
            <button type="button" onClick={() => void saveReport(run)}>
              Save report
            </button>
          ) : (
            <button type="button" onClick={() => print()}>
              Print
            </button>
          )}
        </div>
      </div>
    </header>
  );
}
