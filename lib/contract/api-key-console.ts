import { z } from "zod";
import { type ApiKeyCreated, type ApiKeyRotated, apiKeyCreate, apiKeyUpdate } from "./api-key.ts";
import type { BudgetPeriod } from "./caller.ts";

/** How the console makes and edits keys: owners by id, and answers with what the reveal needs. */
export const keyCreateInput = z.strictObject({
  ...apiKeyCreate.omit({ user_email: true }).shape,
  /** The owner; the maker where it is left out. */
  owner_id: z.uuid("must name a person").optional(),
});
export type KeyCreateInput = z.infer<typeof keyCreateInput>;

export const keyUpdateInput = z.strictObject({ id: z.uuid(), ...apiKeyUpdate.shape });
export const keyIdInput = z.strictObject({ id: z.uuid() });
export const keyRotateInput = z.strictObject({
  id: z.uuid(),
  grace_seconds: z.int().min(0).max(2_592_000),
});
export const keySwitchInput = z.strictObject({ id: z.uuid(), is_active: z.boolean() });

/** A new secret with what its first request needs. */
export interface RevealedKey {
  key: string;
  id: string;
  alias: string | null;
  key_prefix: string;
  /** The first model that the key may ask for; null where there is none. */
  model: string | null;
  /** Where `/v1` is, when somebody has set it; the browser knows its own address otherwise. */
  base_url: string | null;
  previous_valid_until: string | null;
}

export function revealOf(
  made: ApiKeyCreated | ApiKeyRotated,
  rest: Pick<RevealedKey, "model" | "base_url">,
): RevealedKey {
  const { key, id, alias, key_prefix } = made;
  const previous = "previous_valid_until" in made ? made.previous_valid_until : null;
  return { key, id, alias, key_prefix, previous_valid_until: previous, ...rest };
}

/** What the form of a new key offers. */
export interface KeyOptions {
  /** Names that a key may be restricted to. */
  models: string[];
  /** Whether the maker may name another owner. */
  may_choose_owner: boolean;
  /** Whether a key may be in no team. */
  may_be_without_team: boolean;
  /** The teams to choose from; null is every team. */
  teams: { id: string; name: string }[] | null;
  defaults: {
    budget_usd: string | null;
    budget_period: BudgetPeriod;
    rate_limit_rpm: number | null;
    rate_limit_tpm: number | null;
    max_parallel: number | null;
  };
  /** Whether the person may make keys at all, and whom to ask otherwise. */
  may_create: boolean;
  ask: string[];
  base_url: string | null;
}
