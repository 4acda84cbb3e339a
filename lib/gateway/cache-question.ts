import { parseCacheControl } from "#lib/cache/control.ts";
import { candidateIdOf, digestOf, exactParts } from "#lib/cache/key.ts";
import type { Question } from "#lib/cache/question.ts";
import type { CacheSettings } from "#lib/contract/cache-settings.ts";
import { currentSettings } from "#lib/db/settings.ts";
import type { RoutePlan } from "#lib/routing/plan.ts";
import { storesPayloads } from "./payload.ts";
import { guardPolicyId } from "./screening.ts";
import { requireRequest, type Story } from "./story.ts";

/** A request as the caches see it, and what they may do with it. */
export interface Asked {
  question: Question;
  /** Whether stored answers are looked up and kept at all. */
  isCached: boolean;
  /** Whether it may share an upstream call with identical requests. */
  isShared: boolean;
}

/**
 * What the caches are to be asked; `undefined` for a request that no cache looks at: all are off, its
 * model is excluded, or it is too large to be told from others in time. Throws `invalid_value` for a
 * header that is none.
 */
export function questionOf(story: Story, plan: RoutePlan): Asked | undefined {
  const { caller, exchange } = story;
  const control = parseCacheControl(exchange.header("x-conduit-cache"));
  const settings = currentSettings().cache;
  if (caller === null) {
    return undefined;
  }
  const isCached = isOn(settings) && !isExcluded(settings, story);
  const isShared = caller.coalesce && !control.noCache && !control.noStore && !hasOwnTime(story);
  if (!isCached && !isShared) {
    return undefined;
  }
  const { alias, modelAsked, stream } = story;
  const { keyId, userId, teamId } = caller;
  const parts = {
    scope: caller.cacheScope,
    endpoint: story.endpoint.name,
    modelAsked,
    alias,
    candidates: plan.targets.map(({ deployment }) => candidateIdOf(deployment)).sort(),
    body: bodyOf(story),
    stream,
    policyId: guardPolicyId(story),
  };
  const digest = digestOf(exactParts(parts));
  if (digest === undefined) {
    return undefined;
  }
  const keepsText = storesPayloads(caller);
  const question = { ...parts, digest, control, caller: { keyId, userId, teamId }, keepsText };
  return { question, isCached, isShared };
}

function isOn(settings: CacheSettings): boolean {
  return settings.exact_enabled || settings.semantic_enabled;
}

function isExcluded({ excluded_models: names }: CacheSettings, story: Story): boolean {
  return names.includes(story.modelAsked) || (story.alias !== null && names.includes(story.alias));
}

/** A time limit of the caller's own holds for that caller alone, and would cut others short. */
function hasOwnTime({ exchange }: Story): boolean {
  return exchange.header("x-conduit-timeout-ms") !== undefined;
}

function bodyOf(story: Story): Readonly<Record<string, unknown>> {
  // Every request is a JSON object; its type names the fields that the gateway itself reads.
  return requireRequest(story) as unknown as Readonly<Record<string, unknown>>;
}
