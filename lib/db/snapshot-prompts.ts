import { asc, eq } from "drizzle-orm";
import { promptLabels } from "#drizzle/schema/prompt-labels.ts";
import { promptVersions } from "#drizzle/schema/prompt-versions.ts";
import { prompts } from "#drizzle/schema/prompts.ts";
import type { ManagedPrompt } from "#lib/contract/managed-prompt.ts";
import type { Db } from "./client.ts";

/** All managed prompts with all their versions and labels. */
export async function readManagedPrompts(tx: Db): Promise<ManagedPrompt[]> {
  const rows = await tx
    .select({ id: prompts.id, name: prompts.name, version: promptVersions })
    .from(prompts)
    .innerJoin(promptVersions, eq(promptVersions.promptId, prompts.id))
    .orderBy(asc(prompts.name), asc(promptVersions.version));
  const labels = Map.groupBy(await tx.select().from(promptLabels), (row) => row.promptId);
  return [...Map.groupBy(rows, (row) => row.id)].map(([id, versions]) => ({
    id,
    name: versions[0]?.name ?? "",
    latest: versions.at(-1)?.version.version ?? 0,
    versions: new Map(
      versions.map(({ version: { version, messages, variables, modelHint } }) => [
        version,
        { version, messages, variables, modelHint },
      ]),
    ),
    labels: new Map((labels.get(id) ?? []).map(({ label, version }) => [label, version])),
  }));
}
