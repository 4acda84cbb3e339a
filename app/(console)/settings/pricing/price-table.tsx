"use client";

import { Pencil, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { getProviderLabel } from "#lib/catalog/providers.ts";
import type { PriceInfo } from "#lib/contract/price.ts";
import { Chip } from "../../../_ui/chip.tsx";
import { type Column, DataTable } from "../../../_ui/data-table.tsx";
import { formatMoneyExact, UNKNOWN } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";

interface PriceTableProps {
  prices: readonly PriceInfo[];
  onEdit: (price: PriceInfo) => void;
  onDelete: (price: PriceInfo) => void;
  empty: ReactNode;
}

/** Every price that was set, with when it begins to hold. */
export function PriceTable({ prices, onEdit, onDelete, empty }: PriceTableProps) {
  return (
    <DataTable
      name="prices"
      caption="Prices"
      columns={[...COLUMNS, actionsOf(onEdit, onDelete)]}
      rows={prices}
      rowId={(price) => price.id}
      empty={empty}
    />
  );
}

function amount(usd: string | null): string {
  return usd === null ? UNKNOWN : formatMoneyExact(usd);
}

const COLUMNS: readonly Column<PriceInfo>[] = [
  {
    id: "model",
    header: "Model",
    cell: ({ model_pattern: pattern }) => (
      <span className="break-all font-mono text-[13px]">{pattern}</span>
    ),
  },
  {
    id: "provider",
    header: "Provider",
    mobile: "line",
    cell: ({ provider }) => (provider === null ? "Every provider" : getProviderLabel(provider)),
  },
  {
    id: "input",
    header: "Input",
    align: "end",
    mobile: "line",
    cell: (price) => amount(price.input_per_million_usd),
  },
  {
    id: "cacheRead",
    header: "Cached input",
    align: "end",
    cell: (price) => amount(price.cache_read_per_million_usd),
  },
  {
    id: "cacheWrite",
    header: "Cache write",
    align: "end",
    cell: (price) => amount(price.cache_write_per_million_usd),
  },
  {
    id: "output",
    header: "Output",
    align: "end",
    mobile: "line",
    cell: (price) => amount(price.output_per_million_usd),
  },
  {
    id: "from",
    header: "Effective from",
    cell: ({ effective_from: from }) => (
      <span className="inline-flex flex-wrap items-center gap-2" suppressHydrationWarning>
        <Timestamp at={from} />
        {Date.parse(from) > Date.now() ? <Chip tone="info">Later</Chip> : null}
      </span>
    ),
  },
];

function actionsOf(
  onEdit: (price: PriceInfo) => void,
  onDelete: (price: PriceInfo) => void,
): Column<PriceInfo> {
  return {
    id: "actions",
    header: "Actions",
    isFixed: true,
    align: "end",
    mobile: "side",
    cell: (price) => (
      <span className="inline-flex">
        <Button
          size="icon-sm"
          variant="ghost"
          aria-label={`Edit the price of ${price.model_pattern}`}
          onClick={() => onEdit(price)}
        >
          <Pencil aria-hidden />
        </Button>
        <Button
          size="icon-sm"
          variant="ghost"
          aria-label={`Delete the price of ${price.model_pattern}`}
          onClick={() => onDelete(price)}
        >
          <Trash2 aria-hidden />
        </Button>
      </span>
    ),
  };
}
