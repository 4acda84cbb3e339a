import { formatPercent } from "./format.ts";

export interface PercentProps {
  /** 0.124 is 12.4 %; `null` when there was nothing to divide by. */
  ratio: number | null;
  className?: string;
}

/** `<Percent ratio={failed / all} />` */
export function Percent({ ratio, className }: PercentProps) {
  return (
    <span className={`whitespace-nowrap tabular-nums ${className ?? ""}`}>
      {formatPercent(ratio)}
    </span>
  );
}
