"use client";

import { DiffView } from "./diff-view.tsx";
import { Button } from "./primitives/button.tsx";
import { Timestamp } from "./timestamp.tsx";
import type { FormValues, StaleEdit } from "./use-action-form.ts";

export interface StaleNoticeProps<Values extends FormValues> {
  stale: StaleEdit<Values>;
  values: Values;
}

/** Somebody else saved the same thing first: shows the difference and asks which one stays. */
export function StaleNotice<Values extends FormValues>({
  stale,
  values,
}: StaleNoticeProps<Values>) {
  return (
    <section
      aria-label="Changed meanwhile"
      className="flex flex-col gap-3 rounded-lg border border-warning bg-surface p-3 text-sm"
    >
      <p className="font-medium">
        Changed by {stale.changedBy ?? "somebody else"}{" "}
        {stale.changedAt === null ? (
          "while you were editing."
        ) : (
          <Timestamp at={stale.changedAt} style="relative" />
        )}
      </p>
      <DiffView
        before={stale.theirs}
        after={values}
        beforeLabel="Stored now"
        afterLabel="Your version"
      />
      <div className="flex flex-wrap gap-2">
        <Button onClick={stale.reload}>Reload theirs</Button>
        <Button onClick={stale.overwrite}>Overwrite with mine</Button>
      </div>
    </section>
  );
}
