import { formatCount } from "../../_ui/format.ts";

/** `once`, `12 times`. */
export function timesText(count: number): string {
  return count === 1 ? "once" : `${formatCount(count)} times`;
}
