import type { PriceView } from "#lib/contract/deployment-board.ts";
import { Chip } from "../../_ui/chip.tsx";
import { formatMoneyExact } from "../../_ui/format.ts";

const SOURCES = {
  deployment: "Set on this deployment",
  override: "Set under Settings, Pricing",
  catalogue: "From the built-in catalogue",
  provider: "Free by declaration",
} as const;

interface PriceTextProps {
  price: PriceView;
}

/** Input and output per million tokens; a missing price is a word, never zero. */
export function PriceText({ price }: PriceTextProps) {
  if (price.state === "unpriced") {
    return <Chip tone="warning">Unpriced</Chip>;
  }
  if (price.state === "free") {
    return <span className="text-muted-fg">Free</span>;
  }
  const source = price.source === null ? "" : SOURCES[price.source];
  return (
    <span
      className="whitespace-nowrap tabular-nums"
      title={`${source}. In US dollars per million tokens${price.varies ? "; varies by size or time" : ""}.`}
    >
      {formatMoneyExact(price.input_usd)} in, {formatMoneyExact(price.output_usd)} out
      {price.varies ? <span className="text-muted-fg"> varies</span> : null}
    </span>
  );
}
