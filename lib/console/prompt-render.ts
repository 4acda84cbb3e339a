import type { PromptMessage } from "#lib/contract/managed-prompt.ts";
import type { PromptRender, PromptRenderAnswer, PromptRendered } from "#lib/contract/prompt.ts";
import { chooseVersion } from "#lib/contract/prompt-choice.ts";
import { renderPrompt, type Template } from "#lib/contract/prompt-values.ts";
import { withUsedVariables } from "#lib/contract/prompt-variable.ts";
import type { Alias, Price, Snapshot } from "#lib/contract/snapshot.ts";
import { NO_USAGE } from "#lib/contract/usage.ts";
import { getDb } from "#lib/db/client.ts";
import { getVersion } from "#lib/db/prompt-versions.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { priceUsage } from "#lib/ledger/price.ts";
import { estimateRequest } from "#lib/ledger/tokens.ts";
import { formatUsd } from "#lib/money.ts";
import type { Actor } from "./actor.ts";
import { requireNamed } from "./found.ts";
import { readPrompt } from "./prompts.ts";

/** More aliases than anybody compares. */
const MAX_ALIASES = 50;

/** The messages that a request for a saved prompt would get. Nothing is called. */
export async function renderSavedPrompt(
  _actor: Actor,
  name: string,
  { variables, ...choice }: PromptRender,
): Promise<PromptRenderAnswer> {
  const db = getDb("console");
  const prompt = await readPrompt(db, name);
  const labels = new Map(prompt.labels.map(({ label, version }) => [label, version]));
  const version = chooseVersion({ name, latest: prompt.latest_version, labels }, choice, "");
  const row = requireNamed(await getVersion(db, { promptId: prompt.id, version }), {
    param: "version",
    what: "version",
  });
  return { name, version, model_hint: row.modelHint, ...rendered(row, variables) };
}

/** The same for a template that is not saved yet. */
export function renderDraft(
  _actor: Actor,
  { messages, variables, values }: Template & { values: Readonly<Record<string, unknown>> },
): PromptRendered {
  return rendered({ messages, variables: withUsedVariables(variables, messages) }, values);
}

function rendered(template: Template, values: Readonly<Record<string, unknown>>): PromptRendered {
  const messages = renderPrompt(template, { values, param: "variables" });
  const tokens = countTokens(messages);
  return { messages, input_tokens: tokens, costs: costsOf(currentSnapshot(), tokens) };
}

function countTokens(messages: readonly PromptMessage[]): number {
  const request = { model: "", messages: messages.map(({ role, content }) => ({ role, content })) };
  return estimateRequest({ endpoint: "chat", request, prices: [] }).inputTokens;
}

function costsOf(snapshot: Snapshot, tokens: number): PromptRendered["costs"] {
  return [...snapshot.aliases.values()].slice(0, MAX_ALIASES).map((alias) => {
    const costs = pricesOf(snapshot, alias).flatMap((price) => inputCost(price, tokens) ?? []);
    const [least, most] = [costs.toSorted(byAmount)[0], costs.toSorted(byAmount).at(-1)];
    return {
      model: alias.name,
      least_usd: least === undefined ? null : formatUsd(least),
      most_usd: most === undefined ? null : formatUsd(most),
    };
  });
}

function pricesOf(snapshot: Snapshot, alias: Alias): Price[] {
  return alias.members.flatMap(({ deploymentId }) => {
    const deployment = snapshot.deployments.get(deploymentId);
    return deployment?.isActive === true ? [deployment.price] : [];
  });
}

function inputCost(price: Price, input: number): bigint | undefined {
  return price.state === "unpriced"
    ? undefined
    : priceUsage({ ...NO_USAGE, input }, price).costNanos;
}

function byAmount(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
