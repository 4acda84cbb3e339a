import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { reachOf } from "#lib/catalog/roles.ts";
import { showCatalogue, showDeploymentBoard } from "#lib/console/deployment-board.ts";
import { showHealthStrip } from "#lib/console/health-report.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { LinkTabs } from "../../_ui/link-tabs.tsx";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import type { IgnoredParam } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { type BoardQuery, isNarrowed, readBoardQuery, selectRows } from "./board-query.ts";
import { CatalogueTable } from "./catalogue-table.tsx";
import { DeploymentTable } from "./deployment-table.tsx";
import { StatusStrip } from "./status-strip.tsx";

export const metadata: Metadata = { title: "Models" };

const VIEWS = [
  { id: "deployments", label: "Deployments" },
  { id: "models", label: "Models" },
];

export default async function ModelsPage({ searchParams }: PageProps<"/models">) {
  const viewer = await requireViewer("deployment.read");
  const { values: query, ignored } = readBoardQuery(await searchParams);
  const mayEdit =
    reachOf(viewer.principal.isAdmin ? "admin" : "member", "deployment.create") !== null;
  return (
    <PageBody isWide>
      <PageHeader
        title="Models"
        description="The deployments that answer requests, and the models that can be asked for."
        actions={
          mayEdit ? (
            <Link href="/models/new" className={buttonClass({ variant: "primary" })}>
              <Plus aria-hidden /> Add deployment
            </Link>
          ) : null
        }
      />
      {mayEdit ? null : <StatusStrip strip={showHealthStrip()} />}
      <LinkTabs label="Views" tabs={VIEWS} current={query.tab} />
      <Section what="deployments" fallback={<Skeleton className="h-96" />} suspendOn={query.tab}>
        <Board viewer={viewer} query={query} ignored={ignored} mayEdit={mayEdit} />
      </Section>
    </PageBody>
  );
}

interface BoardProps {
  viewer: Viewer;
  query: BoardQuery;
  ignored: readonly IgnoredParam[];
  mayEdit: boolean;
}

async function Board({ viewer, query, ignored, mayEdit }: BoardProps) {
  if (query.tab === "models") {
    return <CatalogueTable rows={await showCatalogue(viewer)} />;
  }
  const rows = await showDeploymentBoard(viewer);
  return (
    <DeploymentTable
      rows={selectRows(rows, query)}
      query={query}
      ignored={ignored}
      isNarrowed={isNarrowed(query)}
      providers={[...new Set(rows.map((row) => row.deployment.provider))].toSorted()}
      aliases={[...new Set(rows.flatMap((row) => row.aliases))].toSorted()}
      mayEdit={mayEdit}
    />
  );
}
