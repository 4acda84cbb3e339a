import type { Person } from "#lib/auth/principal.ts";
import {
  type SavedView,
  type SavedViewInput,
  type ViewPage,
  viewPage,
} from "#lib/contract/saved-view.ts";
import { viewQueryOf } from "#lib/contract/view-query.ts";
import { getDb } from "#lib/db/client.ts";
import {
  countSavedViews,
  deleteSavedView,
  getSavedView,
  insertSavedView,
  listSavedViews,
  type SavedViewRow,
} from "#lib/db/saved-views.ts";
import { getTeam } from "#lib/db/teams.ts";
import { ConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { type Actor, ledTeams, requirePerson } from "./actor.ts";
import { requireFound, requireNamed } from "./found.ts";
import { recordEvent } from "./record-event.ts";

/** Enough for anybody; a loop that saves views stops here. */
const MAX_VIEWS = 200;

/** One's own views of a page, and those that one's teams share. */
export async function showSavedViews(actor: Actor, page: ViewPage): Promise<SavedView[]> {
  const person = requirePerson(actor);
  const rows = await listSavedViews(getDb("console"), {
    page,
    userId: person.id,
    teamIds: person.teams.map(({ id }) => id),
  });
  return rows.map((row) => viewOf(person, row));
}

/** Saves a view for oneself, or for a team that one administers. */
export async function saveView(actor: Actor, input: SavedViewInput): Promise<SavedView> {
  const person = requirePerson(actor);
  const db = getDb("console");
  await assertMayShare(person, input.team_id);
  if ((await countSavedViews(db, { userId: person.id })) >= MAX_VIEWS) {
    throw new ConduitError("invalid_value", {
      message: `You have ${MAX_VIEWS} saved views, which is the most. Delete one first.`,
      param: "name",
    });
  }
  const id = newId();
  await insertSavedView(db, {
    id,
    userId: person.id,
    teamId: input.team_id,
    page: input.page,
    name: input.name,
    query: viewQueryOf(input.query),
  });
  await recordEvent(actor, {
    action: "saved_view.create",
    targetType: "saved_view",
    targetId: id,
    teamId: input.team_id,
    after: { page: input.page, name: input.name, team_id: input.team_id },
  });
  return viewOf(person, requireFound(await getSavedView(db, { id }), "saved view"));
}

async function assertMayShare(person: Person, teamId: string | null): Promise<void> {
  if (teamId === null) {
    return;
  }
  if (!person.isAdmin && !ledTeams(person).includes(teamId)) {
    throw new ConduitError("permission_denied", {
      message: "Only an administrator of the team can share a view with it.",
      param: "team_id",
    });
  }
  requireNamed(await getTeam(getDb("console"), { id: teamId }), { param: "team_id", what: "team" });
}

/** Deletes a view of one's own, or one that is shared with a team that one administers. */
export async function deleteView(actor: Actor, id: string): Promise<void> {
  const person = requirePerson(actor);
  const db = getDb("console");
  const row = requireFound(await getSavedView(db, { id }), "saved view");
  if (!mayDelete(person, row)) {
    throw new ConduitError("not_found", { message: "There is no such saved view." });
  }
  await deleteSavedView(db, { id });
  await recordEvent(actor, {
    action: "saved_view.delete",
    targetType: "saved_view",
    targetId: id,
    teamId: row.teamId,
    after: { page: row.page, name: row.name },
  });
}

function mayDelete(person: Person, row: SavedViewRow): boolean {
  if (row.userId === person.id) {
    return true;
  }
  return row.teamId !== null && (person.isAdmin || ledTeams(person).includes(row.teamId));
}

function viewOf(person: Person, row: SavedViewRow): SavedView {
  return {
    id: row.id,
    page: viewPage.parse(row.page),
    name: row.name,
    query: row.query,
    team_id: row.teamId,
    team_name: row.teamName,
    owner_email: row.ownerEmail,
    is_own: row.userId === person.id,
    may_delete: mayDelete(person, row),
  };
}
