"use client";

import { formatMoney, formatMoneyExact, type MoneyKind } from "./format.ts";
import { Tooltip, TooltipText } from "./primitives/tooltip.tsx";

export interface MoneyProps {
  /** The decimal string of the API; `null` is an unknown price. */
  usd: string | null;
  /** `request` for what one request cost: more digits. */
  kind?: MoneyKind;
  className?: string;
}

/** `<Money usd="412.08" />`, `<Money usd={log.cost_usd} kind="request" />`. Unknown is a dash, never zero. */
export function Money({ usd, kind = "aggregate", className }: MoneyProps) {
  const text = formatMoney(usd, kind);
  const exact = usd === null ? "No price is known" : formatMoneyExact(usd);
  if (text === exact) {
    return <span className={`whitespace-nowrap tabular-nums ${className ?? ""}`}>{text}</span>;
  }
  return (
    <Tooltip content={exact}>
      <TooltipText className={`whitespace-nowrap tabular-nums ${className ?? ""}`}>
        {text}
        {usd === null ? <span className="sr-only"> no price</span> : null}
      </TooltipText>
    </Tooltip>
  );
}
