import type { Outcome } from "#lib/contract/record.ts";
import { ERROR_CODES, type ErrorCode } from "#lib/errors.ts";
import type { Chance } from "./random.ts";

/** How a request ends before any provider is asked. */
export interface Refusal {
  outcome: Outcome;
  code: ErrorCode;
  message: string;
}

const INVALID: readonly [Refusal, ...Refusal[]] = [
  {
    outcome: "client_error",
    code: "invalid_value",
    message: "'temperature' has to be a number from 0 to 2.",
  },
  {
    outcome: "client_error",
    code: "missing_required_parameter",
    message: "'messages' is required.",
  },
  {
    outcome: "client_error",
    code: "model_not_found",
    message: "There is no model 'gpt-4-turbo' that this key may use. It may use: chat, fast.",
  },
  {
    outcome: "client_error",
    code: "ip_not_allowed",
    message: "This key may not be used from 203.0.113.77.",
  },
];

const LIMITED: Refusal = {
  outcome: "limited",
  code: "rate_limit_exceeded",
  message: "The key has made as many requests as it may in a minute. Try again in 7 s.",
};

const SPENT: Refusal = {
  outcome: "limited",
  code: "budget_exceeded",
  message: "The budget of this key is spent.",
};

const BLOCKED: Refusal = {
  outcome: "blocked",
  code: "content_blocked",
  message: "The request holds a card number, which may not leave the company.",
};

/** A refusal of this kind. */
export function refusalOf(
  kind: "invalid" | "limited" | "spent" | "blocked",
  chance: Chance,
): Refusal {
  return { invalid: chance.pick(INVALID), limited: LIMITED, spent: SPENT, blocked: BLOCKED }[kind];
}

export const statusOf = (code: ErrorCode): number => ERROR_CODES[code].status;

/** How one try of one deployment fails. */
export interface TryFailure {
  ended: string;
  status: number | null;
  code: ErrorCode;
  message: string;
  /** Half of such tries last longer. */
  afterMs: number;
}

export const TRY_FAILURES: readonly [TryFailure, ...TryFailure[]] = [
  {
    ended: "overloaded",
    status: 503,
    code: "server_overloaded",
    message: "The server is currently overloaded with other requests.",
    afterMs: 420,
  },
  {
    ended: "server",
    status: 500,
    code: "upstream_error",
    message: "The server had an error while processing the request.",
    afterMs: 900,
  },
  {
    ended: "rate_limit",
    status: 429,
    code: "rate_limit_exceeded",
    message: "Rate limit reached for the organization on tokens per minute.",
    afterMs: 140,
  },
  {
    ended: "timeout",
    status: null,
    code: "upstream_timeout",
    message: "No answer began within 30 s.",
    afterMs: 30_000,
  },
  {
    ended: "network",
    status: null,
    code: "upstream_unreachable",
    message: "The connection was closed before an answer.",
    afterMs: 260,
  },
];
