"use client";

import { type ReactNode, useId } from "react";
import { FieldError } from "./field.tsx";
import { Input } from "./primitives/input.tsx";
import { RadioGroup, RadioOption } from "./primitives/radio-group.tsx";

/** What somebody has chosen: no limit at all, or what stands in the box, which may be empty. */
export type LimitValue = { isLimited: false; amount: string } | { isLimited: true; amount: string };

/** The form's value of a stored limit. */
export function limitValue(stored: string | number | null): LimitValue {
  return stored === null
    ? { isLimited: false, amount: "" }
    : { isLimited: true, amount: String(stored) };
}

/**
 * What to send: `null` for "No limit"; the text of the box otherwise, so that an empty one is the
 * schema's error and never means "unlimited".
 */
export function limitInput(value: LimitValue): string | null {
  return value.isLimited ? value.amount.trim() : null;
}

/** The same for whole numbers; what is no number is sent as it was typed, and refused by name. */
export function limitCount(value: LimitValue): number | string | null {
  const text = limitInput(value);
  return text !== null && /^\d+$/.test(text) ? Number(text) : text;
}

export interface LimitFieldProps {
  label: string;
  value: LimitValue;
  onChange: (value: LimitValue) => void;
  error?: string | undefined;
  /** Before the box: `$`. */
  prefix?: string;
  /** Behind the box: "requests per minute", or a control that chooses the period. */
  suffix?: ReactNode;
  hint?: ReactNode;
  /** What 0 does, said beside the box when it is typed; `null` where 0 is not allowed. */
  zeroMeaning?: string | null;
  isDisabled?: boolean;
  /** Other words for the two choices, where "No limit" and "Limit to" do not fit. */
  noneLabel?: string;
  limitLabel?: string;
}

/** `<LimitField label="Budget" prefix="$" value={form.values.budget} onChange={(v) => form.set("budget", v)} error={form.errors.budget_limit_usd} />` */
export function LimitField({
  label,
  value,
  onChange,
  error,
  prefix,
  suffix,
  hint,
  zeroMeaning = "0 blocks every request.",
  isDisabled = false,
  noneLabel = "No limit",
  limitLabel = "Limit to",
}: LimitFieldProps) {
  const id = useId();
  const isZero = value.isLimited && /^0+(?:\.0*)?$/.test(value.amount.trim());
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5" disabled={isDisabled}>
      <legend id={`${id}-legend`} className="mb-1.5 font-medium text-sm">
        {label}
      </legend>
      <RadioGroup
        aria-labelledby={`${id}-legend`}
        value={value.isLimited ? "limit" : "none"}
        disabled={isDisabled}
        onValueChange={(choice) => onChange({ ...value, isLimited: choice === "limit" })}
      >
        <RadioOption value="none" label={noneLabel} />
        <div className="flex w-full flex-wrap items-center gap-2 text-sm">
          <RadioOption value="limit" label={limitLabel} />
          {value.isLimited ? (
            <>
              {prefix === undefined ? null : <span aria-hidden>{prefix}</span>}
              <Input
                id={`${id}-amount`}
                aria-label={`${label} limit`}
                inputMode="decimal"
                autoComplete="off"
                className="w-32"
                value={value.amount}
                onChange={(event) => onChange({ isLimited: true, amount: event.target.value })}
                aria-invalid={error === undefined ? undefined : true}
                aria-describedby={idsOf(id, { error, isZero, hint })}
              />
              {typeof suffix === "string" ? (
                <span className="text-muted-fg">{suffix}</span>
              ) : (
                suffix
              )}
            </>
          ) : null}
        </div>
      </RadioGroup>
      {isZero && zeroMeaning !== null ? (
        <p id={`${id}-zero`} className="text-warning text-xs">
          {zeroMeaning}
        </p>
      ) : null}
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="text-muted-fg text-xs">
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} error={error} />
    </fieldset>
  );
}

function idsOf(
  id: string,
  shown: { error: string | undefined; isZero: boolean; hint: ReactNode },
): string {
  return [
    shown.error === undefined ? "" : `${id}-error`,
    shown.isZero ? `${id}-zero` : "",
    shown.hint === undefined ? "" : `${id}-hint`,
  ]
    .filter((each) => each !== "")
    .join(" ");
}
