"use client";

import { FieldError } from "../../_ui/field.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import type { ActionForm } from "../../_ui/use-action-form.ts";
import { type AliasValues, moveItem } from "./alias-values.ts";
import { MoveButtons } from "./move-buttons.tsx";

interface FallbackListProps {
  form: ActionForm<AliasValues>;
  /** What a fallback may be. */
  names: readonly string[];
}

/** Where requests go when every member has failed, in order. */
export function FallbackList({ form, names }: FallbackListProps) {
  const { fallbacks, name: own } = form.values;
  const change = (next: readonly string[]) => form.set("fallbacks", next);
  const offered = names.filter((name) => name !== own && !fallbacks.includes(name));
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted-fg text-sm">
        Aliases, models or deployments that are tried when every member has failed.
      </p>
      <FieldError id="fallbacks-error" error={form.errors["fallbacks"]} />
      {fallbacks.length === 0 ? null : (
        <ol className="flex max-w-xl flex-col rounded-lg border border-border">
          {fallbacks.map((name, at) => (
            <li
              key={name}
              className="flex flex-wrap items-center justify-between gap-2 border-border border-b px-3 py-1.5 text-sm last:border-b-0"
            >
              <span className="min-w-0 break-all">
                {at + 1}. {name}
              </span>
              <MoveButtons
                name={name}
                at={at}
                count={fallbacks.length}
                onMove={(to) => change(moveItem(fallbacks, { from: at, to }))}
                onRemove={() => change(fallbacks.toSpliced(at, 1))}
              />
              <span className="w-full empty:hidden">
                <FieldError id={`fallback-${at}`} error={form.errors[`fallbacks.${at}`]} />
              </span>
            </li>
          ))}
        </ol>
      )}
      <Combobox
        key={offered.length}
        aria-label="Add a fallback"
        placeholder="Add a fallback"
        className="max-w-sm"
        options={offered.map((name) => ({ value: name, label: name }))}
        value={null}
        onValueChange={(name) => (name === null ? undefined : change([...fallbacks, name]))}
      />
    </div>
  );
}
