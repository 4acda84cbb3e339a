export interface SparklineProps {
  /** Null is a gap. */
  values: readonly (number | null)[];
  /** What it shows, in words; without it, it only repeats what stands beside it. */
  label?: string;
  className?: string;
}

const WIDTH = 100;
const HEIGHT = 24;
const PADDING = 2;

/** The course of a value, small, beside its figure. */
export function Sparkline({ values, label, className = "h-6 w-full" }: SparklineProps) {
  const known = values.filter((value) => value !== null);
  const highest = Math.max(...known, 0);
  const lowest = Math.min(...known, 0);
  const scale = highest === lowest ? 0 : (HEIGHT - 2 * PADDING) / (highest - lowest);
  const point = (value: number, at: number) =>
    `${((at / Math.max(values.length - 1, 1)) * WIDTH).toFixed(2)} ${(
      HEIGHT - PADDING - (value - lowest) * scale
    ).toFixed(2)}`;
  const path = values
    .map((value, at) =>
      value === null ? "" : `${(values[at - 1] ?? null) === null ? "M" : "L"}${point(value, at)}`,
    )
    .join("");
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: it has a label, or only repeats its neighbour.
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className}
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    >
      <path
        d={path}
        fill="none"
        stroke="var(--color-primary)"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
