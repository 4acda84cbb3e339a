import { formatDuration } from "./format.ts";

export interface DurationProps {
  ms: number | null;
  className?: string;
}

/** `<Duration ms={842} />` reads `842 ms`. */
export function Duration({ ms, className }: DurationProps) {
  return (
    <span className={`whitespace-nowrap tabular-nums ${className ?? ""}`}>
      {formatDuration(ms)}
    </span>
  );
}
