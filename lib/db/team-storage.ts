import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import { teams } from "#drizzle/schema/teams.ts";
import type { PayloadStorage } from "#lib/contract/settings.ts";
import type { Db } from "./client.ts";

/** What a team wants to be kept; `null` is what the install wants. A deleted team's wish still holds. */
export async function getTeamStorage(
  db: Db,
  params: { teamId: string },
): Promise<PayloadStorage | null> {
  const [team] = await db
    .select({ payloadStorage: teams.payloadStorage })
    .from(teams)
    .where(eq(teams.id, params.teamId));
  return team?.payloadStorage ?? null;
}

/** The living teams that have a setting of their own, by name. */
export async function listTeamStorage(
  db: Db,
): Promise<{ id: string; name: string; payload_storage: PayloadStorage }[]> {
  const rows = await db
    .select({ id: teams.id, name: teams.name, storage: teams.payloadStorage })
    .from(teams)
    .where(and(isNull(teams.deletedAt), isNotNull(teams.payloadStorage)))
    .orderBy(asc(teams.name));
  return rows.flatMap(({ id, name, storage }) =>
    storage === null ? [] : [{ id, name, payload_storage: storage }],
  );
}
