import type { AuditRow } from "#lib/db/audit.ts";
import type { Db } from "#lib/db/client.ts";
import { findDeployments } from "#lib/db/deployment-names.ts";
import { listLogNames } from "#lib/db/log-names.ts";
import { isUuid } from "#lib/ids.ts";

/** Fields in which an event of a kind says what its object is called; others may name somebody else. */
const NAME_FIELDS: Readonly<Record<string, readonly string[]>> = {
  api_key: ["alias"],
  team: ["name"],
  user: ["email"],
};
const ANY_NAME: readonly string[] = ["name", "alias", "email"];

/** Kinds whose id is their name. */
const NAMED_BY_ID: readonly string[] = ["alias", "settings", "job"];

/** What the objects of some events are called, by the events' ids; `null` where nobody knows any more. */
export async function nameTargets(
  db: Db,
  rows: readonly AuditRow[],
): Promise<Map<string, string | null>> {
  const idsOf = (...types: string[]) =>
    rows.flatMap(({ targetType, targetId }) =>
      types.includes(targetType) && targetId !== null && isUuid(targetId) ? [targetId] : [],
    );
  const names = await listLogNames(db, {
    keyIds: idsOf("api_key"),
    userIds: idsOf("user"),
    teamIds: idsOf("team"),
  });
  const deploymentIds = idsOf("deployment", "circuit");
  const deployments =
    deploymentIds.length === 0 ? [] : await findDeployments(db, { keys: deploymentIds });
  const known = new Map([
    ...[...names].map(([id, { name, hint }]) => [id, name ?? hint] as const),
    ...deployments.map(({ id, name }) => [id, name] as const),
  ]);
  return new Map(
    rows.map((row) => [row.id, ownName(row) ?? known.get(row.targetId ?? "") ?? null]),
  );
}

/** The name that an event tells: after the change, else before it. */
function ownName({ before, after, targetType, targetId }: AuditRow): string | null {
  if (NAMED_BY_ID.includes(targetType)) {
    return targetId;
  }
  const candidates = [after, before].flatMap((fields) =>
    (NAME_FIELDS[targetType] ?? ANY_NAME).map((field) => fields?.[field]),
  );
  return candidates.find(isName) ?? null;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
