"use client";

import { useState } from "react";
import type { BudgetNode } from "#lib/contract/budget-tree.ts";
import { Scroller } from "../../_ui/scroller.tsx";
import { useClock } from "../../_ui/viewer-context.tsx";
import { BudgetRow } from "./budget-row.tsx";

/** Up to so many rows everything is unfolded at first. */
const UNFOLDED_ROWS = 60;

export interface BudgetTreeTableProps {
  nodes: readonly BudgetNode[];
  /** Whether there are more keys than are shown. */
  isCut: boolean;
  /** A filtered list has no branches. */
  isFlat: boolean;
}

/** The limits as a tree whose branches fold; each row opens its limit. */
export function BudgetTreeTable({ nodes, isCut, isFlat }: BudgetTreeTableProps) {
  const { zone } = useClock();
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => foldedAtFirst(nodes));
  const branches = new Set(nodes.map(({ parent }) => parent));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const isShown = ({ parent }: BudgetNode): boolean => {
    const above = parent === null ? undefined : byId.get(parent);
    return above === undefined || (!folded.has(above.id) && isShown(above));
  };
  const toggle = (id: string) => {
    const next = new Set(folded);
    if (!next.delete(id)) {
      next.add(id);
    }
    setFolded(next);
  };
  return (
    <div className="flex flex-col gap-2">
      <Scroller label="Budgets" className="rounded-lg border border-border">
        <table className="w-full border-collapse text-left text-sm tabular-nums">
          <caption className="sr-only">Budgets, the fullest first</caption>
          <thead className="bg-surface text-13 text-muted-fg">
            <tr>
              <th scope="col" className="h-9 px-3 font-medium">
                Scope
              </th>
              <th scope="col" aria-sort="descending" className="h-9 px-3 font-medium">
                Used
              </th>
              <Head isEnd>Remaining</Head>
              <Head isEnd>Projected</Head>
              <Head>Resets ({zone})</Head>
            </tr>
          </thead>
          <tbody>
            {nodes.filter(isShown).map((node) => (
              <BudgetRow
                key={node.id}
                node={node}
                isBranch={!isFlat && branches.has(node.id)}
                isFolded={folded.has(node.id)}
                onToggle={() => toggle(node.id)}
              />
            ))}
          </tbody>
        </table>
      </Scroller>
      {isCut ? (
        <p className="text-muted-fg text-xs">
          Only the first 1,000 keys are shown, those with a limit first. Choose a team to see
          others.
        </p>
      ) : null}
    </div>
  );
}

function Head({ children, isEnd = false }: { children: React.ReactNode; isEnd?: boolean }) {
  return (
    <th
      scope="col"
      className={`h-9 whitespace-nowrap px-3 font-medium max-md:hidden ${isEnd ? "text-right" : ""}`}
    >
      {children}
    </th>
  );
}

/** Large trees begin with their people folded, so that the levels above fit on a screen. */
function foldedAtFirst(nodes: readonly BudgetNode[]): ReadonlySet<string> {
  return new Set(
    nodes.length <= UNFOLDED_ROWS
      ? []
      : nodes.filter(({ level }) => level === "user").map(({ id }) => id),
  );
}
