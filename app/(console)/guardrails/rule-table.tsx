"use client";

import Link from "next/link";
import { ACTION_WORDS, STAGE_WORDS } from "#lib/catalog/guardrail-words.ts";
import type { RuleBoard, RuleBoardRow } from "#lib/contract/guardrail-form.ts";
import { type Column, DataTable } from "../../_ui/data-table.tsx";
import { Duration } from "../../_ui/duration.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { ModeControl } from "./mode-control.tsx";
import { OrderButtons } from "./order-buttons.tsx";
import { RulesEmpty } from "./rules-empty.tsx";
import { ScopeText } from "./scope-text.tsx";
import { Triggers } from "./triggers.tsx";

export interface RuleTableProps {
  board: RuleBoard;
  mayEdit: boolean;
}

/** Every rule, in the order in which they run. */
export function RuleTable({ board, mayEdit }: RuleTableProps) {
  const ids = board.rows.map(({ rule }) => rule.id);
  return (
    <DataTable
      name="guardrails"
      caption="Guardrail rules"
      columns={columnsOf({ ids, mayEdit, mayMove: mayEdit && board.isWhole })}
      rows={board.rows}
      rowId={({ rule }) => rule.id}
      empty={<RulesEmpty mayEdit={mayEdit} />}
    />
  );
}

interface ColumnsInput {
  ids: readonly string[];
  mayEdit: boolean;
  mayMove: boolean;
}

function columnsOf({ ids, mayEdit, mayMove }: ColumnsInput): Column<RuleBoardRow>[] {
  return [
    {
      id: "name",
      header: "Rule",
      cell: ({ rule }) => (
        <Link
          href={`/guardrails/${rule.id}`}
          className="break-words font-medium hover:underline"
          title={rule.description ?? undefined}
        >
          {rule.name}
        </Link>
      ),
    },
    {
      id: "order",
      header: "Order",
      cell: ({ rule }) => (
        <OrderButtons id={rule.id} name={rule.name} ids={ids} mayMove={mayMove} />
      ),
    },
    { id: "type", header: "Type", mobile: "line", cell: (row) => row.type_label },
    { id: "stage", header: "Reads", cell: ({ rule }) => STAGE_WORDS[rule.stage] },
    {
      id: "action",
      header: "Action",
      mobile: "line",
      cell: ({ rule }) => ACTION_WORDS[rule.action],
    },
    {
      id: "scope",
      header: "Applies to",
      cell: ({ rule, scope_name }) => <ScopeText scope={rule.scope} name={scope_name} />,
    },
    {
      id: "mode",
      header: "Mode",
      mobile: "side",
      cell: (row) => <ModeControl row={row} mayEdit={mayEdit} />,
    },
    {
      id: "triggers",
      header: "Found, 24 h",
      mobile: "line",
      cell: (row) => <Triggers row={row} />,
    },
    {
      id: "p95",
      header: "p95",
      align: "end",
      cell: ({ stats }) => <Duration ms={stats.p95_ms} />,
    },
    {
      id: "updated",
      header: "Updated",
      align: "end",
      cell: ({ rule }) => <Timestamp at={rule.updated_at} style="relative" />,
    },
  ];
}
