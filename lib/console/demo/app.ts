import type { DemoTeam } from "./company.ts";

/** When an app is busy. */
export type DemoHours = "office" | "evening" | "always" | "night" | "commits";

/** What a key's budget looks like once its month is spent: the share of the limit that is used. */
export interface DemoBudget {
  period: "day" | "week" | "month" | "total";
  usedShare: number;
  softPercent: number;
}

/** An application with a key of its own. */
export interface DemoApp {
  key: string;
  owner: string;
  team: DemoTeam | null;
  /** Share of all requests, against the other apps'. */
  weight: number;
  hours: DemoHours;
  /** What it asks for: an alias, a model or a deployment's name. */
  asks: readonly (readonly [string, number])[];
  inputTokens: number;
  outputTokens: number;
  /** Share of requests that stream. */
  streams: number;
  /** Share of the input that its provider reads from a cache. */
  cached: number;
  /** Requests per conversation; 0 sends no session. */
  sessionLength: number;
  tags?: Readonly<Record<string, string>>;
  features?: readonly [string, ...string[]];
  userAgent: string;
  limits?: { rpm?: number; tpm?: number; parallel?: number };
  budget?: DemoBudget;
  models?: readonly string[];
  /** Days from now at which it ends; before now when negative. */
  expiresInDays?: number;
  isDisabled?: true;
  isRevoked?: true;
  /** Requests stop this many days before now. */
  quietForDays?: number;
  /** Growth over the whole range: 1.6 ends with 60 % more than it began with. */
  growth?: number;
}

/** Clients, as their user agent names them. */
export const PYTHON = "OpenAI/Python 2.8.1";
export const NODE = "OpenAI/JS 7.57.0";
export const HTTP = "python-httpx/0.28.1";
