import { z } from "zod";
import type { AliasInfo, AliasSimulate } from "./alias.ts";
import { oneOrMany } from "./paging.ts";
import { nameParams } from "./params.ts";

/** A row of the routing page. */
export interface AliasBoardRow {
  alias: AliasInfo;
  members: AliasBoardMember[];
  requests_24h: number;
  /** From 0 to 1; `null` without requests. */
  error_rate_24h: number | null;
}

export interface AliasBoardMember {
  deployment_id: string;
  deployment: string;
  is_active: boolean;
  /** From 0 to 1; `null` where every request decides for itself. */
  share: number | null;
  circuit: "closed" | "open" | "half_open";
}

/** A deployment as the editor offers it. */
export interface MemberChoice {
  id: string;
  name: string;
  provider: string;
  model_name: string;
  is_active: boolean;
  circuit: "closed" | "open" | "half_open";
}

/** What deleting an alias would hit. */
export interface AliasImpact {
  requests_24h: number;
  /** Keys whose own list of models names it. */
  keys: string[];
  /** Aliases that fall back to it. */
  aliases: string[];
}

/** What the editor can offer beside the alias itself. */
export interface AliasChoices {
  deployments: MemberChoice[];
  /** Aliases, models and deployments, as fallbacks. */
  names: string[];
}

const tokens = z.coerce.number().int().min(0).max(10_000_000).default(1000);

/** `aliasSimulate` in an address. */
export const aliasSimulateQuery = z
  .strictObject({
    name: nameParams.shape.name,
    key_id: z.uuid().optional(),
    seed: z.coerce.number().int().min(0).max(4_294_967_295).default(0),
    input_tokens: tokens,
    output_tokens: tokens,
    pretend_open: oneOrMany(z.string().min(1).max(64)).default([]),
  })
  .transform((query): AliasSimulate & { name: string } => query);
