import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { showBudgetTree } from "#lib/console/budget-tree.ts";
import { mayTake } from "#lib/console/permission.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { BudgetTreeQuery } from "#lib/contract/budget-tree.ts";
import { ORGANIZATION_ID } from "#lib/contract/caller.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { readParams } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { BudgetPanel } from "./budget-panel.tsx";
import { BudgetTreeTable } from "./budget-tree-table.tsx";
import { BudgetsEmpty } from "./budgets-empty.tsx";
import { BudgetsFilters } from "./budgets-filters.tsx";
import { BUDGET_PARAMS, budgetQueryOf, isNarrowed } from "./budgets-params.ts";
import { OpenBudget } from "./open-budget.tsx";

export const metadata: Metadata = { title: "Budgets" };

interface BudgetsPageProps {
  searchParams: Promise<SearchParams>;
}

const ORGANIZATION = { subject: "organization", subject_id: ORGANIZATION_ID } as const;

export default async function BudgetsPage({ searchParams }: BudgetsPageProps) {
  const viewer = await requireViewer("budget.read");
  const { values, ignored } = readParams(BUDGET_PARAMS, await searchParams);
  const maySetAll = mayTake(viewer.principal, "organization.budget.set");
  return (
    <PageBody isWide>
      <PageHeader
        title="Budgets"
        description="Every limit on spending, what is used of it, and when it starts anew. At 100 % requests are refused."
        actions={
          maySetAll ? (
            <OpenBudget subject={ORGANIZATION} variant="primary">
              Organisation budget
            </OpenBudget>
          ) : null
        }
      />
      <BudgetsFilters ignored={ignored} />
      <Section what="budgets" fallback={<Skeleton className="h-96" />}>
        <Tree viewer={viewer} query={budgetQueryOf(values)} isFiltered={isNarrowed(values)} />
      </Section>
      <BudgetPanel />
    </PageBody>
  );
}

interface TreeProps {
  viewer: Viewer;
  query: BudgetTreeQuery;
  isFiltered: boolean;
}

async function Tree({ viewer, query, isFiltered }: TreeProps) {
  const { nodes, is_cut } = await showBudgetTree(viewer, query);
  const hasLimits = nodes.some(({ budget }) => budget !== null);
  if (nodes.length === 0 || (!isFiltered && !hasLimits)) {
    const maySetAll = mayTake(viewer.principal, "organization.budget.set");
    return <BudgetsEmpty isFiltered={isFiltered} maySetAll={maySetAll} />;
  }
  return <BudgetTreeTable nodes={nodes} isCut={is_cut} isFlat={isFiltered} />;
}
