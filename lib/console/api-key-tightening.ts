import type { ApiKeyUpdate } from "#lib/contract/api-key.ts";
import { ConduitError } from "#lib/errors.ts";
import type { KeyLimits } from "./api-key-caps.ts";
import { expiryOf } from "./expiry.ts";

/** One limit of a key: whether an edit would give it more room than it has. */
interface Rule {
  param: keyof ApiKeyUpdate;
  loosens(before: KeyLimits, input: ApiKeyUpdate): boolean;
}

function isMore<Value extends number | bigint>(
  present: Value | null,
  given: Value | null | undefined,
): boolean {
  return given !== undefined && present !== null && (given === null || given > present);
}

function isWider(
  present: readonly string[] | null,
  given: readonly string[] | null | undefined,
): boolean {
  if (given === undefined || present === null) {
    return false;
  }
  return given === null || given.some((name) => !present.includes(name));
}

const RULES: readonly Rule[] = [
  {
    param: "budget_limit_usd",
    loosens: (before, input) => isMore(before.budget?.limitNanos ?? null, input.budget_limit_usd),
  },
  {
    // A budget that starts anew more often is more money, and whether it does depends on the day.
    param: "budget_period",
    loosens: ({ budget }, { budget_period: period }) =>
      budget !== null && period !== undefined && period !== budget.period,
  },
  {
    param: "rate_limit_rpm",
    loosens: (before, input) => isMore(before.rateLimitRpm, input.rate_limit_rpm),
  },
  {
    param: "rate_limit_tpm",
    loosens: (before, input) => isMore(before.rateLimitTpm, input.rate_limit_tpm),
  },
  {
    param: "max_parallel",
    loosens: (before, input) => isMore(before.maxParallel, input.max_parallel),
  },
  {
    param: "allowed_models",
    loosens: (before, input) => isWider(before.allowedModels, input.allowed_models),
  },
  {
    param: "allowed_cidrs",
    loosens: (before, input) => isWider(before.allowedCidrs, input.allowed_cidrs),
  },
  {
    param: "expires_at",
    loosens: (before, input) =>
      isMore(before.expiresAt?.getTime() ?? null, millisecondsOf(expiryOf(input))),
  },
];

function millisecondsOf(at: Date | null | undefined): number | null | undefined {
  return at instanceof Date ? at.getTime() : at;
}

/** Throws `permission_denied` (403) naming the first field that would give a key more room. */
export function assertOnlyTightened(before: KeyLimits, input: ApiKeyUpdate): void {
  const broken = RULES.find((rule) => rule.loosens(before, input));
  if (broken !== undefined) {
    throw new ConduitError("permission_denied", {
      message: `You may tighten the limits of your own keys, not loosen them: '${broken.param}'.`,
      param: broken.param,
    });
  }
}
