"use client";

import { useId } from "react";
import type { PayloadStorage } from "#lib/contract/settings.ts";
import { FieldError } from "../../../_ui/field.tsx";
import { RadioGroup, RadioOption } from "../../../_ui/primitives/radio-group.tsx";

export interface PayloadStorageFieldProps {
  value: PayloadStorage;
  onChange: (value: PayloadStorage) => void;
  error: string | undefined;
}

/** Whether the words of requests and answers are kept at all. */
export function PayloadStorageField({ value, onChange, error }: PayloadStorageFieldProps) {
  const id = useId();
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend id={id} className="mb-1.5 font-medium text-sm">
        Requests and answers
      </legend>
      <RadioGroup<PayloadStorage> aria-labelledby={id} value={value} onValueChange={onChange}>
        <RadioOption
          value="metadata"
          label="Metadata only"
          hint="Who asked which model, tokens, cost and times. No word of what was asked or answered."
        />
        <RadioOption
          value="full"
          label="Everything, sealed"
          hint="Also the request and the answer, up to 256 kB of each, encrypted with the master key. Whoever opens another's is named in the audit log."
        />
      </RadioGroup>
      <p className="text-muted-fg text-xs">
        A team may have a setting of its own. A change holds for requests from now on.
      </p>
      <FieldError id={`${id}-error`} error={error} />
    </fieldset>
  );
}
