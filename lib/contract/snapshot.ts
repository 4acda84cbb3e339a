import type { GuardrailRule } from "./guardrail-rule.ts";
import type { ManagedPrompt } from "./managed-prompt.ts";

/**
 * The configuration that requests read: immutable, swapped by one reference. `lib/db/snapshot.ts`
 * reads it, `lib/gateway` compiles prices into it, routing and providers only look.
 */
export interface Snapshot {
  /** The value of `config_version` that it was read at. */
  version: number;
  loadedAtMs: number;
  deployments: ReadonlyMap<string, Deployment>;
  /** Active and inactive deployments by what requests call them. */
  byModelName: ReadonlyMap<string, readonly Deployment[]>;
  byName: ReadonlyMap<string, Deployment>;
  aliases: ReadonlyMap<string, Alias>;
  /** Rules that are not off, in the order in which they run. */
  rules: readonly GuardrailRule[];
  /** Managed prompts by name. */
  prompts: ReadonlyMap<string, ManagedPrompt>;
}

/** Unit prices in nano-dollars per million tokens. A missing part is charged as its parent part. */
export interface UnitPrices {
  input: bigint;
  output: bigint;
  cacheRead: bigint;
  cacheWrite5m: bigint;
  cacheWrite1h: bigint;
  audioIn: bigint;
  audioOut: bigint;
  /** Present where reasoning is priced apart from other output. */
  reasoning?: bigint;
  /** A fee per call, in nano-dollars per million calls. */
  request?: bigint;
}

/** Prices by size; `tiers` apply to the whole request when its input exceeds `aboveInputTokens`. */
export interface TieredPrices {
  base: UnitPrices;
  tiers: readonly { aboveInputTokens: number; prices: UnitPrices }[];
}

/** Prices that hold from a date on, or between two times of day (UTC; may pass midnight). */
export interface ScheduledPrices {
  prices: TieredPrices;
  startsAtMs?: number;
  daily?: { fromSecond: number; toSecond: number };
}

/** A price list. `base` and `tiers` held when it was compiled; the last match of `schedule` wins. */
export interface PriceList extends TieredPrices {
  source: "catalogue" | "override";
  /** Present when prices change by date or time of day, so that a long-lived snapshot follows. */
  schedule?: readonly ScheduledPrices[];
}

/** The three states of a price. Unknown is not zero. */
export type Price =
  | { state: "priced"; list: PriceList }
  | { state: "free" }
  | { state: "unpriced" };

export interface Deployment {
  id: string;
  name: string;
  /** A row id of `catalog/providers.ts`. */
  provider: string;
  modelName: string;
  /** The base URL without a trailing slash; the provider row's when none was set. */
  apiBase: string;
  apiKey: SecretValue | null;
  /** Names the credential for breakers and cool-downs; deployments may share one. */
  credentialId: string | null;
  priority: number;
  weight: number;
  isActive: boolean;
  timeoutMs: number | null;
  maxRpm: number | null;
  maxTpm: number | null;
  tags: readonly string[];
  settings: Readonly<Record<string, string | number | boolean>>;
  price: Price;
  allowDroppingUnsupportedFields: boolean;
}

/** A secret that prints as `[secret]`; `lib/crypto.ts` makes them. */
export interface SecretValue {
  reveal(): string;
}

export type RoutingStrategy = "priority" | "weighted" | "lowest_cost" | "lowest_latency";

export interface Alias {
  name: string;
  strategy: RoutingStrategy;
  members: readonly AliasMember[];
  /** Attempts on all targets together; `null` is the gateway's default of three. */
  maxAttempts: number | null;
  /** Names (aliases, models or deployments) tried when every member has failed. */
  fallbacks: readonly string[];
  timeoutMs: number | null;
}

export interface AliasMember {
  deploymentId: string;
  priority: number;
  weight: number;
}

/** The alias that answers for every name that nothing else answers for. */
export const CATCH_ALL = "*";
