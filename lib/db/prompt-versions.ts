import { and, count, desc, eq, max, sql } from "drizzle-orm";
import { auditEvents } from "#drizzle/schema/audit-events.ts";
import { promptVersions } from "#drizzle/schema/prompt-versions.ts";
import { users } from "#drizzle/schema/users.ts";
import type { PromptMessage, PromptVariable } from "#lib/contract/managed-prompt.ts";
import type { Db } from "./client.ts";

export interface PromptVersionRow {
  version: number;
  messages: PromptMessage[];
  variables: PromptVariable[];
  modelHint: string | null;
  note: string;
  /** The address of whoever saved it. */
  createdBy: string | null;
  createdAt: Date;
}

function select(db: Db) {
  return db
    .select({
      version: promptVersions.version,
      messages: promptVersions.messages,
      variables: promptVersions.variables,
      modelHint: promptVersions.modelHint,
      note: promptVersions.note,
      createdBy: users.email,
      createdAt: promptVersions.createdAt,
    })
    .from(promptVersions)
    .leftJoin(users, eq(users.id, promptVersions.createdBy));
}

/** Newest first. */
export async function listVersions(
  db: Db,
  params: { promptId: string; limit: number; offset: number },
): Promise<PromptVersionRow[]> {
  return await select(db)
    .where(eq(promptVersions.promptId, params.promptId))
    .orderBy(desc(promptVersions.version))
    .limit(params.limit)
    .offset(params.offset);
}

export async function getVersion(
  db: Db,
  params: { promptId: string; version: number },
): Promise<PromptVersionRow | undefined> {
  const { promptId, version } = params;
  const [row] = await select(db).where(
    and(eq(promptVersions.promptId, promptId), eq(promptVersions.version, version)),
  );
  return row;
}

/** How many versions there are, and the number of the newest; 0 for a prompt without any. */
export async function countVersions(
  db: Db,
  params: { promptId: string },
): Promise<{ versions: number; newest: number }> {
  const [row] = await db
    .select({ versions: count(), newest: max(promptVersions.version) })
    .from(promptVersions)
    .where(eq(promptVersions.promptId, params.promptId));
  return { versions: row?.versions ?? 0, newest: row?.newest ?? 0 };
}

/**
 * The newest version that a deleted prompt of this name had; 0 when there was none. Requests are
 * logged by name and version, and only the audit log knows of versions that nobody asked for.
 */
export async function newestDeletedVersion(db: Db, params: { name: string }): Promise<number> {
  const { before } = auditEvents;
  const [row] = await db
    .select({ newest: sql`max((${before} ->> 'versions_up_to')::integer)`.mapWith(Number) })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetType, "prompt"),
        eq(auditEvents.action, "prompt.delete"),
        sql`${before} ->> 'name' = ${params.name}`,
      ),
    );
  return row?.newest ?? 0;
}

/** All versions of all prompts: how many there are, and the characters of their JSON. */
export async function sumVersions(db: Db): Promise<{ versions: number; characters: number }> {
  const { messages, variables } = promptVersions;
  const characters = sql`coalesce(sum(
    char_length(${messages}::text) + char_length(${variables}::text)), 0)`;
  const [row] = await db
    .select({ versions: count(), characters: characters.mapWith(Number) })
    .from(promptVersions);
  return { versions: row?.versions ?? 0, characters: row?.characters ?? 0 };
}

/** There is no function that changes a version. */
export async function insertVersion(
  db: Db,
  params: {
    promptId: string;
    version: number;
    messages: PromptMessage[];
    variables: PromptVariable[];
    modelHint: string | null;
    note: string;
    createdBy: string | null;
  },
): Promise<void> {
  await db.insert(promptVersions).values({
    promptId: params.promptId,
    version: params.version,
    messages: params.messages,
    variables: params.variables,
    modelHint: params.modelHint,
    note: params.note,
    createdBy: params.createdBy,
  });
}

export async function deleteVersion(
  db: Db,
  params: { promptId: string; version: number },
): Promise<void> {
  await db
    .delete(promptVersions)
    .where(
      and(eq(promptVersions.promptId, params.promptId), eq(promptVersions.version, params.version)),
    );
}
