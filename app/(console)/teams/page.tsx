import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { showTeamBoard } from "#lib/console/team-board.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { EmptyState } from "../../_ui/empty-state.tsx";
import { offsetPaging, parseAsOffset } from "../../_ui/offset-paging.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { readParams } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { CreateTeam } from "./create-team.tsx";
import { TeamsTable } from "./teams-table.tsx";

export const metadata: Metadata = { title: "Teams" };

const PAGE_SIZE = 50;

interface TeamsPageProps {
  searchParams: Promise<SearchParams>;
}

export default async function TeamsPage({ searchParams }: TeamsPageProps) {
  const viewer = await requireViewer("team.read");
  const { values } = readParams({ offset: parseAsOffset }, await searchParams);
  const { isAdmin } = viewer.principal;
  return (
    <PageBody>
      <PageHeader
        title="Teams"
        description="A team shares limits, models and the view of its requests."
        actions={isAdmin ? <CreateTeam /> : null}
      />
      <Section what="teams" fallback={<Skeleton className="h-96" />}>
        <TeamList viewer={viewer} offset={values.offset} />
      </Section>
    </PageBody>
  );
}

interface TeamListProps {
  viewer: Viewer;
  offset: number;
}

async function TeamList({ viewer, offset }: TeamListProps) {
  const { teams, total } = await showTeamBoard(viewer, { limit: PAGE_SIZE, offset });
  return (
    <TeamsTable
      teams={teams}
      paging={offsetPaging({ offset, size: PAGE_SIZE, total })}
      empty={
        viewer.principal.isAdmin ? (
          <EmptyState title="No teams yet.">
            Create one to give several people and keys one budget.
          </EmptyState>
        ) : (
          <EmptyState title="You are in no team.">
            An admin can add you to one. Your own keys work without.
          </EmptyState>
        )
      }
    />
  );
}
