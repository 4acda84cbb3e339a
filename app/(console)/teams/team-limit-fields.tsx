"use client";

import type { TeamInfo } from "#lib/contract/team.ts";
import {
  LimitField,
  type LimitValue,
  limitCount,
  limitInput,
  limitValue,
} from "../../_ui/limit-field.tsx";
import { Select } from "../../_ui/primitives/select.tsx";

type Period = "day" | "week" | "month" | "total";

/** The limits of a team as a form holds them. */
export interface TeamLimitValues {
  budget: LimitValue;
  period: Period;
  soft: LimitValue;
  rpm: LimitValue;
  tpm: LimitValue;
  parallel: LimitValue;
}

export const LIMIT_LABELS = {
  budget_limit_usd: "Budget",
  soft_limit_percent: "Warning",
  rate_limit_rpm: "Requests",
  rate_limit_tpm: "Tokens",
  max_parallel: "Parallel requests",
} as const;

export function limitValuesOf(team: TeamInfo | null): TeamLimitValues {
  return {
    budget: limitValue(team?.budget_limit_usd ?? null),
    period: team?.budget_period ?? "month",
    soft: limitValue(team === null ? 80 : team.soft_limit_percent),
    rpm: limitValue(team?.rate_limit_rpm ?? null),
    tpm: limitValue(team?.rate_limit_tpm ?? null),
    parallel: limitValue(team?.max_parallel ?? null),
  };
}

/** The contract's fields; `null` is "No limit", and an empty box is sent as it is and refused. */
export function limitsInput(values: TeamLimitValues) {
  return {
    budget_limit_usd: limitInput(values.budget),
    ...(values.budget.isLimited
      ? { budget_period: values.period, soft_limit_percent: limitCount(values.soft) }
      : {}),
    rate_limit_rpm: limitCount(values.rpm),
    rate_limit_tpm: limitCount(values.tpm),
    max_parallel: limitCount(values.parallel),
  };
}

export interface TeamLimitFieldsProps {
  values: TeamLimitValues;
  errors: Readonly<Record<string, string | undefined>>;
  onChange: (values: TeamLimitValues) => void;
}

const PERIODS = [
  { value: "day", label: "a day" },
  { value: "week", label: "a week" },
  { value: "month", label: "a month" },
  { value: "total", label: "in total" },
] as const;

/** What all keys of a team may spend and ask for together. */
export function TeamLimitFields({ values, errors, onChange }: TeamLimitFieldsProps) {
  return (
    <>
      <LimitField
        label="Budget"
        prefix="$"
        value={values.budget}
        onChange={(budget) => onChange({ ...values, budget })}
        error={errors["budget_limit_usd"] ?? errors["budget_period"]}
        suffix={
          <Select
            aria-label="Budget period"
            className="w-28"
            options={PERIODS}
            value={values.period}
            onValueChange={(period) => onChange({ ...values, period })}
          />
        }
        hint="All keys of the team together."
      />
      {values.budget.isLimited ? (
        <LimitField
          label="Warning"
          noneLabel="None"
          limitLabel="At"
          value={values.soft}
          onChange={(soft) => onChange({ ...values, soft })}
          error={errors["soft_limit_percent"]}
          suffix="% of the budget"
          zeroMeaning={null}
        />
      ) : null}
      <LimitField
        label="Requests"
        value={values.rpm}
        onChange={(rpm) => onChange({ ...values, rpm })}
        error={errors["rate_limit_rpm"]}
        suffix="a minute"
      />
      <LimitField
        label="Tokens"
        value={values.tpm}
        onChange={(tpm) => onChange({ ...values, tpm })}
        error={errors["rate_limit_tpm"]}
        suffix="a minute"
      />
      <LimitField
        label="Parallel requests"
        value={values.parallel}
        onChange={(parallel) => onChange({ ...values, parallel })}
        error={errors["max_parallel"]}
        suffix="at once"
      />
    </>
  );
}
