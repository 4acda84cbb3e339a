import type { PromptQuery, PromptVersionInfo } from "#lib/contract/prompt.ts";
import type { PromptBoard, PromptPage, PromptVersionUsage } from "#lib/contract/prompt-board.ts";
import { chooseVersion } from "#lib/contract/prompt-choice.ts";
import { getDb } from "#lib/db/client.ts";
import { countRequestsByPrompt, sumByVersion } from "#lib/db/prompt-usage.ts";
import { listPromptFolders } from "#lib/db/prompts.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { isConduitError } from "#lib/errors.ts";
import { formatUsd } from "#lib/money.ts";
import { listModels } from "#lib/routing/models.ts";
import { type Actor, scopeOf } from "./actor.ts";
import { showVersion, showVersions } from "./prompt-versions.ts";
import { showPrompt, showPrompts } from "./prompts.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
/** As many as a prompt's page lists beside the version that it shows. */
const MAX_HEADS = 200;

/** Prompts with how often they were used in a week, as far as the actor may count requests. */
export async function showPromptBoard(actor: Actor, query: PromptQuery): Promise<PromptBoard> {
  const db = getDb("console");
  const { prompts, total } = await showPrompts(actor, query);
  const requests = await countRequestsByPrompt(db, lastWeek(actor));
  return {
    rows: prompts.map((prompt) => ({ prompt, requests_7d: requests.get(prompt.name) ?? 0 })),
    total,
    folders: await listPromptFolders(db),
  };
}

function lastWeek(actor: Actor) {
  const to = new Date();
  const from = new Date(to.getTime() - WEEK_MS);
  return { from, to, scope: scopeOf(actor, "usage.read") };
}

/**
 * A prompt with one of its versions: the one that is named, else the one that requests get.
 * `undefined` when there is no such prompt or version.
 */
export async function findPromptPage(
  actor: Actor,
  name: string,
  version: number | null,
): Promise<PromptPage | undefined> {
  try {
    const prompt = await showPrompt(actor, name);
    const labels = new Map(prompt.labels.map((each) => [each.label, each.version]));
    const used = chooseVersion({ name, latest: prompt.latest_version, labels }, {}, "");
    const list = await showVersions(actor, name, { limit: MAX_HEADS, offset: 0 });
    return {
      prompt,
      version: await showVersion(actor, name, version ?? used),
      heads: list.versions.map(headOf),
      versions: list.total,
    };
  } catch (error) {
    if (isConduitError(error) && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

function headOf({ version, note, labels, created_by, created_at }: PromptVersionInfo) {
  return { version, note, labels, created_by, created_at };
}

/** Requests, cost and latency of a prompt by version over a week; deleted versions included. */
export async function showPromptUsage(actor: Actor, name: string): Promise<PromptVersionUsage[]> {
  const rows = await sumByVersion(getDb("console"), { ...lastWeek(actor), name });
  return rows.map(({ version, requests, costNanos, latencyMsP95 }) => ({
    version,
    requests,
    cost_usd: formatUsd(costNanos),
    latency_ms_p95: latencyMsP95,
  }));
}

/** What a prompt may name as its model: aliases first, as they are what an app would ask for. */
export function showModelChoices(_actor: Actor): string[] {
  const models = listModels({ snapshot: currentSnapshot(), allowedModels: null });
  return models
    .toSorted((one, other) => Number(other.kind === "alias") - Number(one.kind === "alias"))
    .map(({ name }) => name);
}
