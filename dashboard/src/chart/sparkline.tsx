// Small pictures of a series: an area, or bars.

const WIDTH = 120;

/** @param values null: nothing happened then */
export function Sparkline({
  values,
  colour,
  height = 28,
  fraction = 1,
}: {
  readonly values: readonly (number | null)[];
  readonly colour: string;
  readonly height?: number /** Part of the width that they take. */;
  readonly fraction?: number;
}) {
  // Of nothing there is no picture, and its room stays.
  if (values.length === 0) return <svg class={`spark ${colour}`} aria-hidden="true" />;
  const most = Math.max(1e-12, ...values.map((value) => value ?? 0));
  const width = WIDTH * fraction;
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const points = values.map(
    (value, index) => [index * step, height - 1.5 - ((value ?? 0) / most) * (height - 3)] as const,
  );
  if (points.length === 1) points.push([width, points[0]![1]]);
  const line = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return (
    <svg class={`spark ${colour}`} viewBox={`0 0 ${WIDTH} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {/* A run that has just begun has none yet. */}
      {points.length === 0 ? null : (
        <>
          <path class="area" d={`${line}L${width.toFixed(1)} ${height}L0 ${height}Z`} />
          <path class="line" d={line} />
        </>
      )}
    </svg>
  );
}

/** @param colour of CSS */
export function SparkBars({ values, colour }: { readonly values: readonly number[]; readonly colour: string }) {
  const height = 44;
  const most = Math.max(1, ...values);
  const step = 250 / Math.max(1, values.length);
  return (
    <svg class="spark-bars" viewBox={`0 0 250 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <line x1="0" x2="250" y1={height - 0.5} y2={height - 0.5} class="base" />
      {values.map((value, index) =>
        value === 0 ? null : (
          <rect
            key={index}
            x={index * step}
            width={Math.max(0.6, step * 0.78)}
            y={height - 1 - Math.max(1, (value / most) * (height - 2))}
            height={Math.max(1, (value / most) * (height - 2))}
            fill={colour}
          />
        ),
      )}
    </svg>
  );
}
