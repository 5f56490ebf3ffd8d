// One of the charts over time: they share an axis, a cursor and a selection.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { sliceCount } from '../../../src/metrics/timeline/timeline-block.ts';
import { type RunView, type Selection, selection } from '../data/model.ts';
import { clock, moment } from '../text/format.ts';
import { palette } from './palette.ts';

export interface ChartLine {
  readonly label: string;
  readonly values: (number | null)[];
  readonly colour: string;
  readonly width?: number;
  readonly fill?: string;
  readonly dash?: number[];
  readonly opacity?: number;
  /** Bars instead of a line. */
  readonly isBars?: boolean;
}

export interface ChartProps {
  readonly run: RunView;
  /** For those who do not see it. */
  readonly title: string;
  readonly height: number;
  /** Ms since the start. */
  readonly times: number[];
  readonly lines: readonly ChartLine[];
  readonly shades?: readonly Selection[];
  /** Horizontal lines with a label. */
  readonly limits?: readonly { readonly value: number; readonly label: string }[];
  readonly isLog?: boolean;
  /** Whether what lies between whole numbers means nothing. */
  readonly isWhole?: boolean;
  readonly hasAxis?: boolean;
  readonly format: (value: number) => string;
  /** Whether a drag selects nothing: the chart is not of one run alone. */
  readonly isFixed?: boolean;
  /** Hears of the place of the cursor in `times`, or null. */
  readonly onCursor?: (index: number | null) => void;
}

const SYNC = 'over-time';
const AXIS_WIDTH = 64;
/** 1, 2, 5, 10 … */
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const FONT = '11.5px Inter, system-ui, sans-serif';

export function TimeChart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const current = useRef(props);
  current.current = props;
  const shape = JSON.stringify([
    props.lines.map(({ label, colour, isBars }) => [label, colour, isBars]),
    props.isLog,
    props.height,
  ]);
  const data = [props.times, ...props.lines.map(({ values }) => values)] as uPlot.AlignedData;

  useEffect(() => {
    const element = host.current!;
    const made = new uPlot(
      optionsOf(() => current.current, element.clientWidth),
      data,
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: props.height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape]);

  useEffect(() => {
    chart.current?.setData(data);
    showSelection(chart.current, current.current.run, selection.value);
  }, [props.run, props.times]);

  const chosen = selection.value;
  useEffect(() => showSelection(chart.current, current.current.run, chosen), [chosen, shape]);
  return <div class="chart" ref={host} role="img" aria-label={props.title} />;
}

function sliceMsOf({ data }: RunView): number {
  return data.sliceCells * data.cellMs;
}

function showSelection(chart: uPlot | null, run: RunView, chosen: Selection | null): void {
  if (chart === null) return;
  if (chosen === null) {
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    return;
  }
  const left = chart.valToPos(chosen.from * sliceMsOf(run), 'x');
  const right = chart.valToPos(Math.min(chosen.to * sliceMsOf(run), endOf(run)), 'x');
  chart.setSelect({ left, top: 0, width: right - left, height: chart.over.clientHeight }, false);
}

/** @returns ms at which the axis ends: a run that goes on is drawn on the length of its plan */
export function endOf({ record, data, isLive }: RunView): number {
  const end = Math.max(record.durationMs, data.cells * data.cellMs - data.cellMs, data.cellMs);
  return isLive && record.plannedMs !== null ? Math.max(end, record.plannedMs) : end;
}

/** uPlot tells of drags alone. */
function letGoOnClick({ over }: uPlot): void {
  let downAt = 0;
  over.addEventListener('mousedown', ({ clientX }) => {
    downAt = clientX;
  });
  over.addEventListener('click', ({ clientX }) => {
    if (Math.abs(clientX - downAt) < 4) selection.value = null;
  });
}

function takeSelection(chart: uPlot, run: RunView): void {
  const { left, width } = chart.select;
  if (width < 4) return;
  const sliceMs = sliceMsOf(run);
  const from = Math.max(0, Math.floor(chart.posToVal(left, 'x') / sliceMs + 0.25));
  const to = Math.min(
    sliceCount(run.data),
    Math.max(from + 1, Math.ceil(chart.posToVal(left + width, 'x') / sliceMs - 0.25)),
  );
  selection.value = from < to ? { from, to } : null;
  showSelection(chart, run, selection.value);
}

function optionsOf(props: () => ChartProps, width: number): uPlot.Options {
  const { height, lines, isLog, isWhole, hasAxis, run, isFixed } = props();
  const colours = palette();
  return {
    width,
    height,
    padding: [8, 16, hasAxis ? 0 : 4, 0],
    legend: { show: false },
    cursor: {
      sync: { key: SYNC, setSeries: false },
      drag: { x: isFixed !== true, y: false, setScale: false },
      points: { size: 6 },
      y: false,
    },
    scales: {
      x: { time: false, range: () => [0, endOf(props().run)] },
      y: isLog
        ? { distr: 3, log: 10, range: (_, min, max) => logRange(min, max, props().limits) }
        : { range: (_, __, max) => [0, Math.max(linearTop(max, props().limits), isWhole ? 1.12 : 0)] },
    },
    axes: [
      {
        show: hasAxis === true,
        stroke: colours.ink3,
        font: FONT,
        size: 28,
        grid: { show: false },
        ticks: { stroke: colours.line, size: 5 },
        incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200].map(
          (seconds) => seconds * 1000,
        ),
        space: 90,
        values: (_, values) => values.map((value) => (endOf(run) < 10_000 ? moment(value, 1000) : clock(value))),
      },
      {
        stroke: colours.ink3,
        font: FONT,
        size: AXIS_WIDTH,
        gap: 6,
        grid: { stroke: colours.line, width: 1 },
        ticks: { show: false },
        space: isLog ? 22 : 34,
        ...(isWhole && { incrs: WHOLE_STEPS }),
        ...(isLog && {
          splits: (chart: uPlot) => logSplits(chart.scales['y']!.min!, chart.scales['y']!.max!),
          filter: (_: uPlot, splits: number[]) => splits,
        }),
        values: (_, values) => values.map((value) => (value === null ? '' : props().format(value))),
      },
    ],
    series: [{}, ...lines.map(seriesOf)],
    hooks: {
      ready: [letGoOnClick],
      drawClear: [(chart) => drawShades(chart, props())],
      draw: [(chart) => drawLimits(chart, props())],
      setSelect: [(chart) => takeSelection(chart, props().run)],
      setCursor: [(chart) => props().onCursor?.(chart.cursor.idx ?? null)],
    },
  };
}

function seriesOf({ label, colour, width, fill, dash, opacity, isBars }: ChartLine): uPlot.Series {
  return {
    label,
    stroke: isBars ? 'transparent' : colour,
    width: isBars ? 0 : (width ?? 1),
    spanGaps: true,
    points: { show: false },
    alpha: opacity ?? 1,
    ...(dash !== undefined && { dash }),
    ...((isBars || fill !== undefined) && { fill: isBars ? colour : fill }),
    ...(isBars && { paths: uPlot.paths.bars!({ size: [0.82, 14], align: 0 }) }),
  };
}

function linearTop(max: number | null, limits: ChartProps['limits'] = []): number {
  const near = limits.map(({ value }) => value).filter((value) => value < (max ?? 0) * 2);
  return Math.max(max ?? 0, ...near, 1e-9) * 1.12;
}

/** Limits that lie near what was measured belong into the picture. */
function logRange(min: number | null, max: number | null, limits: ChartProps['limits'] = []): [number, number] {
  let [low, high] = [min ?? 1, max ?? 10];
  for (const { value } of limits) {
    if (value <= 0 || value > high * 4 || value < low / 4) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low / 1.35, Math.max(high, low * 1.5) * 1.25];
}

/** 1, 2, 5 of every power of ten, or the powers alone where there are many. */
function logSplits(min: number, max: number): number[] {
  const decades = Math.log10(max / min);
  const steps = decades > 3 ? [1] : decades > 1.6 ? [1, 3] : [1, 2, 5];
  const splits: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++)
    for (const step of steps) {
      const value = step * 10 ** power;
      if (value >= min && value <= max) splits.push(value);
    }
  return splits;
}

function drawShades(chart: uPlot, { run, shades = [] }: ChartProps): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = palette().shade;
  for (const { from, to } of shades) {
    const left = chart.valToPos(from * sliceMsOf(run), 'x', true);
    const right = chart.valToPos(Math.min(to * sliceMsOf(run), endOf(run)), 'x', true);
    ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
  }
  ctx.restore();
}

function drawLimits(chart: uPlot, { limits = [] }: ChartProps): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const colours = palette();
  ctx.save();
  ctx.strokeStyle = colours.ink;
  ctx.fillStyle = colours.ink3;
  ctx.lineWidth = ratio;
  ctx.font = `${11 * ratio}px Inter, system-ui, sans-serif`;
  ctx.textAlign = 'right';
  for (const { value, label } of limits) {
    const y = Math.round(chart.valToPos(value, 'y', true)) + 0.5;
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(label, bbox.left + bbox.width - 6 * ratio, y - 5 * ratio);
  }
  ctx.restore();
}
