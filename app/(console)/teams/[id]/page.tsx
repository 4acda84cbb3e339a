import type { Metadata, Route } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { teamPowers } from "#lib/console/team-board.ts";
import { showTeamTab } from "#lib/console/team-tab.ts";
import { showTeam } from "#lib/console/teams.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { idParams } from "#lib/contract/params.ts";
import type { TeamInfo } from "#lib/contract/team.ts";
import { TEAM_TABS } from "#lib/contract/team-console.ts";
import { isConduitError } from "#lib/errors.ts";
import { LinkTabs } from "../../../_ui/link-tabs.tsx";
import { parseAsOffset } from "../../../_ui/offset-paging.ts";
import { PageBody } from "../../../_ui/page-body.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { buttonClass } from "../../../_ui/primitives/button.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { readParams } from "../../../_ui/search-params.ts";
import { Section } from "../../../_ui/section.tsx";
import { TeamTabView } from "./team-tab-view.tsx";
import { tabsFor } from "./team-tabs.ts";

export const metadata: Metadata = { title: "Team" };

const PARAMS = { tab: parseAsStringLiteral(TEAM_TABS), offset: parseAsOffset };

interface TeamPageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function TeamPage({ params, searchParams }: TeamPageProps) {
  const viewer = await requireViewer("team.read");
  const team = await findTeam(viewer, params);
  const { values } = readParams(PARAMS, await searchParams);
  const powers = teamPowers(viewer, team.id);
  const tabs = tabsFor(powers);
  const tab = tabs.find(({ id }) => id === values.tab)?.id ?? tabs[0].id;
  return (
    <PageBody>
      <PageHeader
        breadcrumb={<Link href={"/teams" as Route}>Teams</Link>}
        title={team.name}
        actions={
          <>
            <Link href={`/usage?team=${team.id}` as Route} className={buttonClass()}>
              Usage
            </Link>
            <Link href={`/logs?team=${team.id}` as Route} className={buttonClass()}>
              Requests
            </Link>
          </>
        }
      />
      <LinkTabs label="Views of the team" tabs={tabs} current={tab} />
      <Section what={tab} fallback={<Skeleton className="h-80" />} suspendOn={tab}>
        <TeamTabView
          team={team}
          powers={powers}
          view={showTeamTab(viewer, { id: team.id, tab, offset: values.offset })}
        />
      </Section>
    </PageBody>
  );
}

/** An id that is none, and a team out of reach, are equally not there. */
async function findTeam(viewer: Viewer, params: TeamPageProps["params"]): Promise<TeamInfo> {
  const parsed = idParams.safeParse(await params);
  if (!parsed.success) {
    notFound();
  }
  return await showTeam(viewer, parsed.data.id).catch((error: unknown) => {
    if (isConduitError(error) && error.status === 404) {
      notFound();
    }
    throw error;
  });
}
