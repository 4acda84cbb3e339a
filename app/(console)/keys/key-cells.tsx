"use client";

import type { Route } from "next";
import Link from "next/link";
import type { KeyListRow } from "#lib/contract/api-key-list.ts";
import { formatCount } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Popover,
  PopoverContent,
  PopoverTitle,
  PopoverTrigger,
} from "../../_ui/primitives/popover.tsx";
import { Tooltip, TooltipText } from "../../_ui/primitives/tooltip.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";

export interface KeyCellProps {
  row: KeyListRow;
}

/** What people call a key; the start of its secret where it has no name. */
export function keyName(key: Pick<KeyListRow, "alias" | "key_prefix">): string {
  return key.alias ?? key.key_prefix;
}

export function KeyNameCell({ row }: KeyCellProps) {
  return (
    <Link
      href={`/keys/${row.id}` as Route}
      className="block max-w-64 truncate text-fg underline-offset-4 hover:underline"
    >
      {keyName(row)}
    </Link>
  );
}

export function KeyRatesCell({ row }: KeyCellProps) {
  const { rate_limit_rpm: rpm, rate_limit_tpm: tpm } = row;
  if (rpm === null && tpm === null) {
    return <span className="text-muted-fg">No limit</span>;
  }
  return (
    <span className="whitespace-nowrap">
      {rpm === null ? "—" : formatCount(rpm)} <span className="text-muted-fg">/</span>{" "}
      {tpm === null ? "—" : formatCount(tpm)}
    </span>
  );
}

export function KeyModelsCell({ row }: KeyCellProps) {
  const models = row.allowed_models;
  if (models === null) {
    return <span className="text-muted-fg">All</span>;
  }
  return (
    <Popover>
      <PopoverTrigger render={<Button variant="link" size="sm" />}>
        {models.length} {models.length === 1 ? "model" : "models"}
      </PopoverTrigger>
      <PopoverContent className="max-h-80 w-64 overflow-y-auto">
        <PopoverTitle className="font-medium">May ask for</PopoverTitle>
        <ul className="mt-1 flex flex-col gap-0.5 break-words font-mono text-13">
          {models.map((model) => (
            <li key={model}>{model}</li>
          ))}
        </ul>
      </PopoverContent>
    </Popover>
  );
}

export function KeyLastUsedCell({ row }: KeyCellProps) {
  if (row.last_used_ip === null && row.last_used_agent === null) {
    return <Timestamp at={row.last_used_at} style="relative" fallback="Never" />;
  }
  return (
    <span className="inline-flex items-center gap-1">
      <Timestamp at={row.last_used_at} style="relative" fallback="Never" />
      <Tooltip
        content={`From ${row.last_used_ip ?? "an unknown address"}, ${row.last_used_agent ?? "no user agent"}`}
      >
        <TooltipText className="text-muted-fg text-xs">{row.last_used_ip ?? "agent"}</TooltipText>
      </Tooltip>
    </span>
  );
}
