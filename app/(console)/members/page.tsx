import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { showInvites } from "#lib/console/invites.ts";
import { showPeople } from "#lib/console/people.ts";
import { showTeams } from "#lib/console/teams.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PEOPLE_PAGE, type PersonQuery } from "#lib/contract/people.ts";
import { offsetPaging } from "../../_ui/offset-paging.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { readParams } from "../../_ui/search-params.ts";
import { Section } from "../../_ui/section.tsx";
import { InviteMembers } from "./invite-members.tsx";
import { InvitesCard } from "./invites-card.tsx";
import { MembersEmpty } from "./members-empty.tsx";
import { MembersFilters } from "./members-filters.tsx";
import { isNarrowed, MEMBER_PARAMS, personQueryOf } from "./members-params.ts";
import { MembersTable } from "./members-table.tsx";

export const metadata: Metadata = { title: "Members" };

interface MembersPageProps {
  searchParams: Promise<SearchParams>;
}

export default async function MembersPage({ searchParams }: MembersPageProps) {
  const viewer = await requireViewer("user.read");
  const { values, ignored } = readParams(MEMBER_PARAMS, await searchParams);
  const { teams } = await showTeams(viewer, { limit: 200, offset: 0 });
  const { isAdmin } = viewer.principal;
  const choices = teams.map(({ id, name }) => ({ id, name }));
  return (
    <PageBody>
      <PageHeader
        title="Members"
        description={
          isAdmin
            ? "Who can use this install, in which teams, and what they may do."
            : "The people of the teams that you lead."
        }
        actions={<InviteMembers teams={choices} mayInviteAdmins={isAdmin} />}
      />
      <Section what="invitations" fallback={null}>
        <Invitations viewer={viewer} />
      </Section>
      <MembersFilters teams={choices} ignored={ignored} />
      <Section what="members" fallback={<Skeleton className="h-96" />}>
        <People viewer={viewer} query={personQueryOf(values)} isFiltered={isNarrowed(values)} />
      </Section>
    </PageBody>
  );
}

async function Invitations({ viewer }: { viewer: Viewer }) {
  const { invites } = await showInvites(viewer);
  return invites.length === 0 ? null : <InvitesCard invites={invites} />;
}

interface PeopleProps {
  viewer: Viewer;
  query: PersonQuery;
  isFiltered: boolean;
}

async function People({ viewer, query, isFiltered }: PeopleProps) {
  const { people, total } = await showPeople(viewer, query);
  const { id, isAdmin } = viewer.principal;
  return (
    <MembersTable
      people={people}
      viewerId={id}
      mayManage={isAdmin}
      paging={offsetPaging({ offset: query.offset, size: PEOPLE_PAGE, total })}
      empty={<MembersEmpty isFiltered={isFiltered} />}
    />
  );
}
