import { and, asc, desc, eq, ilike, like, type SQL, sql } from "drizzle-orm";
import { promptLabels } from "#drizzle/schema/prompt-labels.ts";
import { promptVersions } from "#drizzle/schema/prompt-versions.ts";
import { prompts } from "#drizzle/schema/prompts.ts";
import { users } from "#drizzle/schema/users.ts";
import type { LookupEntry } from "#lib/contract/lookup.ts";
import type { PromptVariable } from "#lib/contract/managed-prompt.ts";
import type { Page } from "#lib/contract/paging.ts";
import type { Db } from "./client.ts";

/** A prompt with what its newest version says of itself. */
export interface PromptRow {
  id: string;
  name: string;
  description: string | null;
  latestVersion: number;
  variables: PromptVariable[];
  modelHint: string | null;
  /** The address of whoever saved the newest version. */
  updatedBy: string | null;
  createdAt: Date;
  updatedAt: Date;
}

const newest = sql`${promptVersions.version} = (
  select max(other.version) from ${promptVersions} as other where other.prompt_id = ${prompts.id}
)`;

function select(db: Db) {
  return db
    .select({
      id: prompts.id,
      name: prompts.name,
      description: prompts.description,
      latestVersion: promptVersions.version,
      variables: promptVersions.variables,
      modelHint: promptVersions.modelHint,
      updatedBy: users.email,
      createdAt: prompts.createdAt,
      updatedAt: prompts.updatedAt,
    })
    .from(prompts)
    .innerJoin(promptVersions, and(eq(promptVersions.promptId, prompts.id), newest))
    .leftJoin(users, eq(users.id, promptVersions.createdBy));
}

/** By name. `folder` keeps to what is in it and below. */
export async function listPrompts(
  db: Db,
  params: { limit: number; offset: number; folder?: string | undefined },
): Promise<Page<PromptRow>> {
  const where = params.folder === undefined ? undefined : isBelow(params.folder);
  const rows = await select(db)
    .where(where)
    .orderBy(asc(prompts.name))
    .limit(params.limit)
    .offset(params.offset);
  return { rows, total: await db.$count(prompts, where) };
}

function isBelow(folder: string): SQL {
  // `_` is a letter of names and a wildcard of patterns.
  return like(prompts.name, `${folder.replaceAll("_", "\\_")}/%`);
}

/** Every folder that holds a prompt or another folder: `team` and `team/mail` for `team/mail/reply`. */
export async function listPromptFolders(db: Db): Promise<string[]> {
  const rows = await db
    .selectDistinct({ path: sql<string>`regexp_replace(${prompts.name}, '/[^/]*$', '')` })
    .from(prompts)
    .where(like(prompts.name, "%/%"));
  const folders = rows.flatMap(({ path }) =>
    path.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/")),
  );
  return [...new Set(folders)].toSorted();
}

export async function getPrompt(db: Db, params: { name: string }): Promise<PromptRow | undefined> {
  const [row] = await select(db).where(eq(prompts.name, params.name));
  return row;
}

/** Keeps others from giving the prompt a version or a label until the transaction ends. */
export async function lockPrompt(
  tx: Db,
  params: { name: string },
): Promise<{ id: string } | undefined> {
  const [row] = await tx
    .select({ id: prompts.id })
    .from(prompts)
    .where(eq(prompts.name, params.name))
    .for("update");
  return row;
}

export async function insertPrompt(
  db: Db,
  params: { id: string; name: string; description: string | null; createdBy: string | null },
): Promise<void> {
  await db.insert(prompts).values({
    id: params.id,
    name: params.name,
    description: params.description,
    createdBy: params.createdBy,
  });
}

/** Marks the prompt as changed now; a description is changed with it when there is one. */
export async function updatePrompt(
  db: Db,
  params: { id: string; description?: string | null },
): Promise<void> {
  await db
    .update(prompts)
    .set({
      updatedAt: new Date(),
      ...(params.description === undefined ? {} : { description: params.description }),
    })
    .where(eq(prompts.id, params.id));
}

/** Takes the prompt away with its labels and versions. */
export async function deletePrompt(db: Db, params: { id: string }): Promise<void> {
  await db.delete(promptLabels).where(eq(promptLabels.promptId, params.id));
  await db.delete(prompts).where(eq(prompts.id, params.id));
}

/** Prompts to choose from by a part of their name; first those that were changed last. */
export async function findPrompts(
  db: Db,
  params: { text: string; limit: number },
): Promise<LookupEntry[]> {
  const rows = await db
    .select({ name: prompts.name, hint: prompts.description })
    .from(prompts)
    .where(ilike(prompts.name, `%${params.text.replace(/[\\%_]/g, "\\$&")}%`))
    .orderBy(desc(prompts.updatedAt))
    .limit(params.limit);
  return rows.map(({ name, hint }) => ({ id: name, name, hint }));
}

/** A person who is removed is no longer named as the author of anything. */
export async function forgetPromptAuthor(tx: Db, params: { userId: string }): Promise<void> {
  const { userId } = params;
  const nobody = { createdBy: null };
  await tx.update(prompts).set(nobody).where(eq(prompts.createdBy, userId));
  await tx.update(promptVersions).set(nobody).where(eq(promptVersions.createdBy, userId));
  await tx.update(promptLabels).set({ updatedBy: null }).where(eq(promptLabels.updatedBy, userId));
}
