import type { PriceView } from "#lib/contract/deployment-board.ts";
import type { Price } from "#lib/contract/snapshot.ts";
import { formatUsd } from "#lib/money.ts";

const NONE = {
  input_usd: null,
  output_usd: null,
  cache_read_usd: null,
  cache_write_usd: null,
  varies: false,
} as const;

/** A compiled price as pages show it; `own` says that the deployment brings figures of its own. */
export function priceViewOf(price: Price | undefined, { own }: { own: boolean }): PriceView {
  if (price === undefined || price.state === "unpriced") {
    return { state: "unpriced", source: null, ...NONE };
  }
  if (price.state === "free") {
    return { state: "free", source: own ? "deployment" : "provider", ...NONE };
  }
  const { base, tiers, schedule, source } = price.list;
  return {
    state: "priced",
    source: own ? "deployment" : source,
    input_usd: formatUsd(base.input),
    output_usd: formatUsd(base.output),
    cache_read_usd: formatUsd(base.cacheRead),
    cache_write_usd: formatUsd(base.cacheWrite5m),
    varies: tiers.length > 0 || schedule !== undefined,
  };
}
