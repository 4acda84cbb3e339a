"use client";

import type { BudgetPeriod } from "#lib/contract/caller.ts";
import { LimitField } from "../../../_ui/limit-field.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";
import { CheckboxOption } from "../../../_ui/primitives/checkbox.tsx";
import { Select } from "../../../_ui/primitives/select.tsx";
import type { ActionForm } from "../../../_ui/use-action-form.ts";
import type { GeneralValues } from "./general-values.ts";

const PERIODS = [
  { value: "day", label: "per day" },
  { value: "week", label: "per week" },
  { value: "month", label: "per month" },
  { value: "total", label: "in total" },
] as const satisfies readonly { value: BudgetPeriod; label: string }[];

export interface KeyDefaultsProps {
  form: ActionForm<GeneralValues>;
}

/** Who may create keys, and the limits of a key that is created without its own. */
export function KeyDefaults({ form }: KeyDefaultsProps) {
  const { values, errors } = form;
  return (
    <Card>
      <CardHeader>
        <CardTitle>New keys</CardTitle>
        <CardDescription>
          Limits of keys that are created without their own. Keys that exist keep theirs.
        </CardDescription>
      </CardHeader>
      <CardBody className="grid gap-5 @xl:grid-cols-2">
        <div className="@xl:col-span-2">
          <CheckboxOption
            label="Members may create keys of their own"
            hint="Otherwise an admin or a team admin makes them."
            checked={values.self_service_keys}
            onCheckedChange={(isOn) => form.set("self_service_keys", isOn)}
          />
        </div>
        <LimitField
          label="Budget"
          prefix="$"
          value={values.budget}
          onChange={(value) => form.set("budget", value)}
          error={errors["default_key_budget_usd"] ?? errors["default_key_budget_period"]}
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
        />
        <LimitField
          label="Requests per minute"
          value={values.rpm}
          onChange={(value) => form.set("rpm", value)}
          error={errors["default_key_rate_limit_rpm"]}
          zeroMeaning={null}
          suffix="requests per minute"
        />
        <LimitField
          label="Tokens per minute"
          value={values.tpm}
          onChange={(value) => form.set("tpm", value)}
          error={errors["default_key_rate_limit_tpm"]}
          zeroMeaning={null}
          suffix="tokens per minute"
        />
        <LimitField
          label="Parallel requests"
          value={values.parallel}
          onChange={(value) => form.set("parallel", value)}
          error={errors["default_key_max_parallel"]}
          zeroMeaning={null}
          suffix="at the same time"
        />
      </CardBody>
    </Card>
  );
}
