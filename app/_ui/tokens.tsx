"use client";

import { formatCompact, formatTokenFlow, formatTokens } from "./format.ts";
import { Tooltip, TooltipText } from "./primitives/tooltip.tsx";

export type TokensProps =
  | { input: number | null; output: number | null; cached?: number | null; className?: string }
  | { count: number | null; isCompact?: boolean; className?: string };

/** `<Tokens input={1200} output={340} cached={1000} />` in tables, `<Tokens count={1240000} isCompact />` in tiles. */
export function Tokens(props: TokensProps) {
  const className = `whitespace-nowrap tabular-nums ${props.className ?? ""}`;
  if ("input" in props) {
    return (
      <span className={className}>{formatTokenFlow(props.input, props.output, props.cached)}</span>
    );
  }
  const exact = formatTokens(props.count);
  const text = props.isCompact ? formatCompact(props.count) : exact;
  if (text === exact) {
    return <span className={className}>{exact}</span>;
  }
  return (
    <Tooltip content={exact}>
      <TooltipText className={className}>{text}</TooltipText>
    </Tooltip>
  );
}
