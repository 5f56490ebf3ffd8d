// The summary that a run prints at its end, in k6's layout (k6 page "End-of-test summary"), and below it what failed.
import type { CheckTally } from '../metrics/check-tally.ts';
import { comparisonLines } from './comparison-lines.ts';
import { failureLines, wrap } from './failure-lines.ts';
import { dotted, type LineWidths, measureLines, renderLine, toLine } from './metric-lines.ts';
import { HEADINGS, headingOf } from './metric-sections.ts';
import type { GroupSummary, MetricSummary, SectionSummary, Summary } from './summary.ts';
import { type CodeLink, type TextStyle, textStyle } from './text-style.ts';
import { formatNumber, formatPercent, formatValue } from './value-format.ts';

export interface TextSummaryOptions {
  readonly mode: 'compact' | 'full';
  /** Whether the terminal shows colours. */
  readonly colour: boolean;
  /** Width that explanations are wrapped to; default 100. */
  readonly columns?: number;
  /** Makes links of codes, for a terminal that shows them. */
  readonly codeLink?: CodeLink | undefined;
}

type Checks = readonly Pick<CheckTally, 'name' | 'passes' | 'fails'>[];

const CHECK_LABELS = ['checks_total', 'checks_succeeded', 'checks_failed'] as const;
/** Groups that samples of setup and teardown carry: no part of what the virtual users did. */
const LIFECYCLE_GROUPS = ['::setup', '::teardown'];
const DEFAULT_COLUMNS = 100;
/** Of what stands below a title. */
const INDENT = 4;
const DEFAULT_SCENARIO = 'default';

/** @returns the summary with a blank line before and after */
export function renderTextSummary(summary: Summary, options: TextSummaryOptions): string {
  return new TextSummary(summary, options).render();
}

class TextSummary {
  readonly #summary: Summary;
  readonly #mode: 'compact' | 'full';
  readonly #style: TextStyle;
  readonly #columns: number;
  /** A file has no width: lines that somebody may search for stay whole there. */
  readonly #concernWidth: number;
  readonly #widths: LineWidths;
  readonly #lines: string[] = [''];

  constructor(summary: Summary, { mode, colour, columns, codeLink }: TextSummaryOptions) {
    this.#columns = columns ?? DEFAULT_COLUMNS;
    this.#concernWidth = columns ?? Number.POSITIVE_INFINITY;
    this.#summary = summary;
    this.#mode = mode;
    this.#style = textStyle(colour, codeLink);
    const all = [...summary.metrics, ...(mode === 'full' ? summary.sections.flatMap(({ metrics }) => metrics) : [])];
    const widths = measureLines(
      all.filter(({ name }) => headingOf(name, mode) !== undefined).map((metric) => this.#toLine(metric)),
    );
    this.#widths = widths;
  }

  render(): string {
    this.#addConcerns();
    this.#addThresholds();
    this.#addTitle('TOTAL RESULTS', 0);
    this.#addResults(this.#summary.metrics, this.#summary.checks, 0);
    if (this.#mode === 'full') this.#addSections();
    this.#addFailures();
    this.#addComparison();
    const note = this.#summary.meta.generatorNote;
    if (note) {
      for (const line of wrap(note, '! ', '  ', this.#concernWidth - 2))
        this.#lines.push(`  ${this.#style.warn(line)}`);
      this.#lines.push('');
    }
    return `${this.#lines.join('\n')}\n`;
  }

  #toLine(metric: MetricSummary): ReturnType<typeof toLine> {
    return toLine(metric, this.#summary.meta.trendStats, this.#summary.meta.timeUnit);
  }

  /** @param level of nesting, from 0 */
  #add(level: number, text: string): void {
    this.#lines.push(text === '' ? '' : `${'  '.repeat(level + 2)}${text}`);
  }

  #addTitle(title: string, level: number, mark = '█'): void {
    this.#lines.push(`${'  '.repeat(level + 1)}${this.#style.bold(`${mark} ${title}`)} `, '');
  }

  /** Before everything else: who reads one line reads this one. */
  #addConcerns(): void {
    const concerns = this.#summary.meta.concerns ?? [];
    for (const { text, isGrave } of concerns) {
      const [sentence, ...details] = text.split('\n');
      const paint = isGrave ? this.#style.bad : this.#style.warn;
      for (const line of wrap(sentence, '! ', '  ', this.#concernWidth - 2)) this.#lines.push(`  ${paint(line)}`);
      for (const line of details) this.#lines.push(`      ${line.replace(/^\t/, '  ')}`);
    }
    if (concerns.length > 0) this.#lines.push('');
  }

  #addThresholds(): void {
    const judged = this.#summary.metrics.filter(({ thresholds }) => thresholds.length > 0);
    if (judged.length === 0) return;
    this.#addTitle('THRESHOLDS', 0);
    const whole = new Set(judged.filter(({ tags }) => tags.length === 0).map(({ name }) => name));
    for (const metric of judged) {
      const isNested = metric.tags.length > 0 && whole.has(metric.name);
      const level = isNested ? 1 : 0;
      this.#add(level, isNested ? metric.key.slice(metric.key.indexOf('{')) : metric.key);
      for (const { source, aggregation, ok, value } of metric.thresholds) {
        const shown =
          value === undefined
            ? ''
            : ` ${aggregation}=${this.#style.value(this.#formatAggregate(metric, aggregation, value))}`;
        this.#add(level, `${this.#mark(ok)} '${source.trim()}'${shown}`);
      }
      this.#add(0, '');
    }
    this.#add(0, '');
  }

  #formatAggregate(metric: MetricSummary, aggregation: string, value: number): string {
    if (metric.type === 'rate') return formatPercent(value, 1);
    const text = formatValue(value, metric.contains, this.#summary.meta.timeUnit);
    return metric.type === 'counter' && aggregation === 'rate' ? `${text}/s` : text;
  }

  #mark(ok: boolean): string {
    return ok ? this.#style.good('✓') : this.#style.bad('✗');
  }

  #addResults(metrics: readonly MetricSummary[], checks: Checks, level: number): void {
    const total = metrics.find(({ key }) => key === 'checks');
    if (total) this.#addCheckTotals(total, level);
    this.#addChecks(checks, level);
    for (const heading of HEADINGS) {
      const own = metrics.filter(({ name }) => headingOf(name, this.#mode) === heading);
      if (own.length === 0) continue;
      this.#add(level, this.#style.bold(heading));
      for (const metric of own) this.#add(level, renderLine(this.#toLine(metric), this.#widths, this.#style));
      this.#add(level, '');
    }
  }

  #addCheckTotals({ values }: MetricSummary, level: number): void {
    const { passes, fails } = values;
    const count = passes + fails;
    const seconds = this.#summary.meta.durationMs / 1000;
    const rows: [string, string][] = [
      [formatNumber(count), `${formatNumber(seconds > 0 ? count / seconds : 0)}/s`],
      [formatPercent(passes, count), `${passes} out of ${count}`],
      [formatPercent(fails, count), `${fails} out of ${count}`],
    ];
    const width = Math.max(...rows.map(([value]) => value.length));
    const labelWidth = Math.max(...CHECK_LABELS.map((label) => label.length));
    for (const [index, [value, extra]] of rows.entries()) {
      const name = dotted(CHECK_LABELS[index], 0, labelWidth);
      this.#add(
        level,
        `${name} ${this.#style.value(value)}${' '.repeat(width - value.length)} ${this.#style.faint(extra)}`,
      );
    }
    this.#add(level, '');
  }

  #addChecks(checks: Checks, level: number): void {
    for (const { name, passes, fails } of checks) {
      this.#add(level, fails === 0 ? this.#style.good(`✓ ${name}`) : this.#style.bad(`✗ ${name}`));
      if (fails === 0) continue;
      const share = Math.floor((100 * passes) / (passes + fails));
      this.#add(level + 1, this.#style.bad(`↳  ${share}% — ✓ ${passes} / ✗ ${fails}`));
    }
    if (checks.length > 0) this.#add(level, '');
  }

  /** Groups, and the scenarios that have a name of their own. */
  #addSections(): void {
    const scenarios = [...new Set(this.#summary.sections.map(({ scenario }) => scenario))].sort();
    for (const scenario of scenarios.filter((name) => name === '' || name === DEFAULT_SCENARIO)) {
      this.#addGroups(scenario, this.#summary.rootGroup.groups, 0);
    }
    for (const scenario of scenarios.filter((name) => name !== '' && name !== DEFAULT_SCENARIO)) {
      this.#addTitle(`SCENARIO: ${scenario}`, 0);
      this.#addSection(scenario, '', 0);
      this.#addGroups(scenario, this.#summary.rootGroup.groups, 1);
    }
  }

  #find(scenario: string, group: string): SectionSummary | undefined {
    return this.#summary.sections.find((one) => one.scenario === scenario && one.group === group);
  }

  #addSection(scenario: string, group: string, level: number): void {
    const section = this.#find(scenario, group);
    if (section) this.#addResults(section.metrics, section.checks, level);
  }

  #addGroups(scenario: string, groups: readonly GroupSummary[], level: number, isNested = false): void {
    for (const group of groups) {
      if (LIFECYCLE_GROUPS.includes(group.path) || !this.#reaches(scenario, group)) continue;
      this.#addTitle(`GROUP: ${group.name}`, level, isNested ? '↳' : '█');
      this.#addSection(scenario, group.path, level);
      this.#addGroups(scenario, group.groups, level + 1, true);
    }
  }

  /** Whether a scenario has samples of a group or of one within it. */
  #reaches(scenario: string, group: GroupSummary): boolean {
    return (
      this.#find(scenario, group.path) !== undefined || group.groups.some((child) => this.#reaches(scenario, child))
    );
  }

  #addFailures(): void {
    const lines = failureLines(this.#summary.failures, this.#style, this.#columns - INDENT);
    if (lines.length === 0) return;
    this.#addTitle('FAILURES', 0);
    for (const line of lines) this.#add(0, line);
    this.#add(0, '');
  }

  #addComparison(): void {
    const comparison = this.#summary.meta.comparison ?? null;
    if (comparison === null) return;
    this.#addTitle('COMPARISON', 0);
    for (const line of comparisonLines(comparison, this.#style, this.#columns - INDENT)) this.#add(0, line);
    this.#add(0, '');
  }
}
