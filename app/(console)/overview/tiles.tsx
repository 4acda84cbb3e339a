import type { MonthSpend, OverviewTile } from "#lib/contract/overview.ts";
import { formatMoney } from "../../_ui/format.ts";
import { Tile } from "./tile.tsx";

export interface TilesProps {
  tiles: Promise<OverviewTile[]>;
  month: Promise<MonthSpend>;
}

/** The figures of the range, each a way to its chart. */
export async function Tiles({ tiles, month }: TilesProps) {
  const [list, { spent_usd: spent, projected_usd: projected }] = await Promise.all([tiles, month]);
  const note =
    projected === null
      ? `${formatMoney(spent)} this month`
      : `≈ ${formatMoney(projected)} by month end`;
  return (
    <ul aria-label="Figures" className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      {list.map((tile) => (
        <li key={tile.metric} className="min-w-0">
          <Tile tile={tile} note={tile.metric === "spend" ? note : null} />
        </li>
      ))}
    </ul>
  );
}
