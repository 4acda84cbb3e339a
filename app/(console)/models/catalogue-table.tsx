"use client";

import Link from "next/link";
import { getProviderLabel } from "#lib/catalog/providers.ts";
import type { CatalogueRow } from "#lib/contract/deployment-board.ts";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { UNKNOWN } from "../../_ui/format.ts";
import { Tokens } from "../../_ui/tokens.tsx";
import { PriceText } from "./price-text.tsx";

export interface CatalogueTableProps {
  rows: readonly CatalogueRow[];
}

/** What can be asked for: every model over its deployments. */
export function CatalogueTable({ rows }: CatalogueTableProps) {
  return (
    <DataTable
      name="catalogue"
      caption="Models"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.model}
      empty={
        <EmptyState title="No models.">
          A model can be asked for as soon as a deployment serves it.
        </EmptyState>
      }
    />
  );
}

const COLUMNS: readonly Column<CatalogueRow>[] = [
  {
    id: "model",
    header: "Model",
    cell: ({ model, deployments }) => (
      <Link
        href={`/models?q=${encodeURIComponent(model)}`}
        className="break-all font-mono text-[13px] hover:underline"
        title={`Show ${deployments.length === 1 ? "its deployment" : "its deployments"}`}
      >
        {model}
      </Link>
    ),
  },
  {
    id: "providers",
    header: "Providers",
    mobile: "line",
    cell: ({ providers }) => providers.map(getProviderLabel).join(", "),
  },
  {
    id: "context",
    header: "Context",
    align: "end",
    cell: ({ context_window: size }) =>
      size === null ? UNKNOWN : <Tokens count={size} isCompact />,
  },
  {
    id: "price",
    header: "Price per 1M",
    mobile: "line",
    cell: ({ price }) => <PriceText price={price} />,
  },
  {
    id: "deployments",
    header: "Deployments",
    cell: ({ deployments }) => (
      <span className="flex flex-wrap gap-x-2">
        {deployments.map(({ id, name, is_active: isActive }) => (
          <Link
            key={id}
            href={`/models/${id}`}
            className={isActive ? "hover:underline" : "text-muted-fg line-through hover:underline"}
            title={isActive ? undefined : "Switched off"}
          >
            {name}
          </Link>
        ))}
      </span>
    ),
  },
  {
    id: "aliases",
    header: "Aliases",
    cell: ({ aliases }) =>
      aliases.length === 0 ? (
        <span className="text-muted-fg">None</span>
      ) : (
        <span className="flex flex-wrap gap-x-2">
          {aliases.map((name) => (
            <Link
              key={name}
              href={`/routing/${encodeURIComponent(name)}`}
              className="hover:underline"
            >
              {name}
            </Link>
          ))}
        </span>
      ),
  },
];
