"use client";

import type { KeyListRow } from "#lib/contract/api-key-list.ts";
import { BudgetBar } from "../../_ui/budget-bar.tsx";
import { Sparkline } from "../../_ui/charts/sparkline.tsx";
import type { Column } from "../../_ui/data-table.tsx";
import { formatCount } from "../../_ui/format.ts";
import { Timestamp } from "../../_ui/timestamp.tsx";
import {
  KeyLastUsedCell,
  KeyModelsCell,
  KeyNameCell,
  KeyRatesCell,
  keyName,
} from "./key-cells.tsx";
import { KeyMenu } from "./key-menu.tsx";
import { KeyStateChip } from "./key-state-chip.tsx";
import type { KeyVerb } from "./use-key-verbs.tsx";

/** The columns of the list; a row's menu tells `run` what was chosen. */
export function keyColumns(
  run: (verb: KeyVerb, target: { id: string; name: string }) => void,
): Column<KeyListRow>[] {
  return [
    { id: "name", header: "Name", cell: (row) => <KeyNameCell row={row} /> },
    {
      id: "key",
      header: "Key",
      cell: (row) => <code className="whitespace-nowrap font-mono text-13">{row.key_prefix}</code>,
    },
    {
      id: "owner",
      header: "Owner",
      cell: (row) => <span className="block max-w-48 truncate">{row.user_email}</span>,
      mobile: "line",
    },
    { id: "team", header: "Team", cell: (row) => row.team_name ?? "" },
    {
      id: "status",
      header: "Status",
      cell: (row) => <KeyStateChip facts={row} />,
      isFixed: true,
      mobile: "side",
    },
    {
      id: "budget",
      header: "Budget",
      cell: (row) => (
        <BudgetBar
          name={keyName(row)}
          spentUsd={row.spend_usd}
          limitUsd={row.budget_limit_usd}
          raiseUsd={row.budget_raise_usd}
          period={row.budget_period}
          resetsAt={row.resets_at}
          softPercent={row.soft_limit_percent}
        />
      ),
    },
    { id: "rates", header: "RPM / TPM", cell: (row) => <KeyRatesCell row={row} /> },
    { id: "models", header: "Models", cell: (row) => <KeyModelsCell row={row} /> },
    {
      id: "used",
      header: "Last used",
      cell: (row) => <KeyLastUsedCell row={row} />,
      mobile: "line",
    },
    {
      id: "requests",
      header: "24 hours",
      align: "end",
      cell: (row) => (
        <span className="flex items-center justify-end gap-2">
          <Sparkline values={row.hourly} className="h-5 w-16" />
          {formatCount(row.requests_24h)}
        </span>
      ),
    },
    {
      id: "expires",
      header: "Expires",
      cell: (row) => <Timestamp at={row.expires_at} style="day" fallback="Never" />,
    },
    {
      id: "created",
      header: "Created",
      cell: (row) => <Timestamp at={row.created_at} style="day" />,
      isHidden: true,
    },
    {
      id: "menu",
      header: "Actions",
      isFixed: true,
      isPinned: true,
      mobile: "side",
      cell: (row) => (
        <KeyMenu
          keyId={row.id}
          name={keyName(row)}
          isActive={row.is_active}
          isRevoked={row.state === "revoked"}
          onVerb={(verb) => run(verb, { id: row.id, name: keyName(row) })}
        />
      ),
    },
  ];
}
