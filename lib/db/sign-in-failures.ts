import { and, desc, eq, gt, inArray, lt } from "drizzle-orm";
import { signInFailures } from "#drizzle/schema/sign-in-failures.ts";
import type { Db } from "./client.ts";

export interface FailureRow {
  id: string;
  subject: string;
  at: Date;
}

export async function insertFailures(db: Db, params: { rows: FailureRow[] }): Promise<void> {
  await db.insert(signInFailures).values(params.rows);
}

/** The failures of some subjects since a moment, newest first. */
export async function listFailures(
  db: Db,
  params: { subjects: readonly string[]; since: Date },
): Promise<FailureRow[]> {
  return await db
    .select({ id: signInFailures.id, subject: signInFailures.subject, at: signInFailures.at })
    .from(signInFailures)
    .where(
      and(
        inArray(signInFailures.subject, [...params.subjects]),
        gt(signInFailures.at, params.since),
      ),
    )
    .orderBy(desc(signInFailures.at));
}

export async function deleteFailures(db: Db, params: { ids: readonly string[] }): Promise<void> {
  await db.delete(signInFailures).where(inArray(signInFailures.id, [...params.ids]));
}

export async function deleteFailuresOf(db: Db, params: { subject: string }): Promise<void> {
  await db.delete(signInFailures).where(eq(signInFailures.subject, params.subject));
}

export async function deleteFailuresBefore(db: Db, params: { before: Date }): Promise<void> {
  await db.delete(signInFailures).where(lt(signInFailures.at, params.before));
}
