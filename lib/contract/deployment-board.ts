import type { DeploymentInfo } from "./deployment.ts";

/** What a deployment's tokens cost, in US dollars per million; `null` parts are not priced apart. */
export interface PriceView {
  state: "priced" | "free" | "unpriced";
  source: "deployment" | "override" | "catalogue" | "provider" | null;
  input_usd: string | null;
  output_usd: string | null;
  cache_read_usd: string | null;
  cache_write_usd: string | null;
  /** Whether the price depends on the size of the request or on the time of day. */
  varies: boolean;
}

export interface TrafficView {
  requests: number;
  /** Failed over all, from 0 to 1; `null` without requests. */
  error_rate: number | null;
  latency_p95_ms: number | null;
}

export interface CheckView {
  /** ISO 8601. */
  at: string;
  ok: boolean;
  ms: number;
  /** Why it failed, as the provider said it. */
  note: string | null;
}

/** A row of the models page: the deployment and everything that is known about how it does. */
export interface DeploymentBoardRow {
  deployment: DeploymentInfo;
  /** Aliases that it is a member of. */
  aliases: string[];
  /** Its share of the requests for its model's name, from 0 to 1: who goes first, by weight. */
  share: number;
  price: PriceView;
  /** The last 24 hours. */
  traffic: TrafficView;
  /**
   * Tries of the last 24 hours that it failed, also where another deployment then answered; `null`
   * for those who may not look inside deployments.
   */
  failed_tries: number | null;
  last_check: CheckView | null;
}

/** A model as people ask for it, over all deployments that serve it. */
export interface CatalogueRow {
  model: string;
  /** Provider ids. */
  providers: string[];
  deployments: { id: string; name: string; is_active: boolean }[];
  aliases: string[];
  /** Tokens; `null` when the catalogue does not know. */
  context_window: number | null;
  price: PriceView;
}

/** What deleting or draining a deployment would hit. */
export interface DeploymentImpact {
  requests_24h: number;
  requests_1h: number;
  /** Aliases that have it as a member; `is_last` when no other active member is left. */
  aliases: { name: string; is_last: boolean }[];
}

export interface CircuitEventView {
  at: string;
  state: "closed" | "open" | "half_open";
  reason: string | null;
  instance_id: string | null;
}

/** One point of a deployment's charts. */
export interface DeploymentPoint {
  at: string;
  requests: number;
  failed: number;
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
}
