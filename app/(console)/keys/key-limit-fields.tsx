"use client";

import type { BudgetPeriod } from "#lib/contract/caller.ts";
import { Field } from "../../_ui/field.tsx";
import { LimitField } from "../../_ui/limit-field.tsx";
import { Input } from "../../_ui/primitives/input.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import type { KeyFormValues } from "./key-form-values.ts";

const PERIODS = [
  { value: "day", label: "per day" },
  { value: "week", label: "per week" },
  { value: "month", label: "per month" },
  { value: "total", label: "in total" },
] as const satisfies readonly { value: BudgetPeriod; label: string }[];

export interface KeyLimitFieldsProps {
  form: ActionForm<KeyFormValues>;
}

/** What a key may spend and how fast. Each limit is either none or a number. */
export function KeyLimitFields({ form }: KeyLimitFieldsProps) {
  const { values, errors } = form;
  return (
    <>
      <LimitField
        label="Budget"
        prefix="$"
        value={values.budget}
        onChange={(value) => form.set("budget", value)}
        error={errors["budget_limit_usd"] ?? errors["budget_period"]}
        zeroMeaning="0 blocks every request that costs something."
        suffix={
          <Select
            aria-label="Budget period"
            className="w-32"
            options={PERIODS}
            value={values.period}
            onValueChange={(period) => form.set("period", period)}
          />
        }
        hint="Windows begin at midnight UTC, on Monday, and on the first of the month."
      />
      {values.budget.isLimited ? (
        <Field
          label="Warn at"
          error={errors["soft_limit_percent"]}
          hint="Share of the budget in percent. Empty for no warning."
        >
          {(control) => (
            <Input {...control} {...form.text("soft")} inputMode="numeric" className="w-24" />
          )}
        </Field>
      ) : null}
      <LimitField
        label="Requests per minute"
        value={values.rpm}
        onChange={(value) => form.set("rpm", value)}
        error={errors["rate_limit_rpm"]}
        zeroMeaning={null}
        suffix="requests per minute"
      />
      <LimitField
        label="Tokens per minute"
        value={values.tpm}
        onChange={(value) => form.set("tpm", value)}
        error={errors["rate_limit_tpm"]}
        zeroMeaning={null}
        suffix="tokens per minute"
      />
      <LimitField
        label="Parallel requests"
        value={values.parallel}
        onChange={(value) => form.set("parallel", value)}
        error={errors["max_parallel"]}
        zeroMeaning={null}
        suffix="at the same time"
      />
    </>
  );
}
