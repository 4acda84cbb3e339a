"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { CacheCleared } from "#lib/contract/cache.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { EntityCombobox } from "../../_ui/entity-combobox.tsx";
import { Field } from "../../_ui/field.tsx";
import { formatBytes } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Combobox } from "../../_ui/primitives/combobox.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { useIsland } from "../../_ui/use-island.ts";
import { clearCache } from "./actions.ts";
import { AGES, answersText, type ClearChoice, selectionOf } from "./clear-selection.ts";

const CHOICES = [
  { value: "model", label: "Of a model" },
  { value: "team", label: "Of a team" },
  { value: "age", label: "Older than" },
  { value: "all", label: "All" },
] as const;

const NOTHING: ClearChoice = { by: "model", model: null, teamId: null, age: "3600" };

export interface ClearCacheProps {
  /** Names that requests may ask for. */
  models: readonly string[];
}

/** Takes stored answers away after a choice, with what the server counts for it. */
export function ClearCache({ models }: ClearCacheProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [choice, setChoice] = useState(NOTHING);
  const selection = selectionOf(choice);
  const change = (part: Partial<ClearChoice>) => setChoice({ ...choice, ...part });
  return (
    <>
      <Button onClick={() => setOpen(true)}>Clear cache</Button>
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title="Clear stored answers"
        verb="Clear answers"
        effect={<ClearEffect selection={selection} />}
        typedName={choice.by === "all" ? "cache" : undefined}
        action={clearCache}
        input={selection ?? {}}
        onDone={({ entries }) => {
          toast(`${answersText(entries)} cleared`);
          setChoice(NOTHING);
          router.refresh();
        }}
      >
        <Field label="Which">
          {(control) => (
            <Select
              {...control}
              options={CHOICES}
              value={choice.by}
              onValueChange={(by) => change({ by })}
            />
          )}
        </Field>
        <ClearDetail choice={choice} onChange={change} models={models} />
      </ConfirmDialog>
    </>
  );
}

interface ClearDetailProps extends ClearCacheProps {
  choice: ClearChoice;
  onChange: (part: Partial<ClearChoice>) => void;
}

function ClearDetail({ choice, onChange, models }: ClearDetailProps) {
  switch (choice.by) {
    case "model":
      return (
        <Field label="Model" isRequired>
          {(control) => (
            <Combobox
              {...control}
              options={models.map((name) => ({ value: name, label: name }))}
              value={choice.model}
              onValueChange={(model) => onChange({ model })}
              placeholder="As callers ask for it"
            />
          )}
        </Field>
      );
    case "team":
      return (
        <Field label="Team" isRequired>
          {(control) => (
            <EntityCombobox
              {...control}
              type="team"
              value={choice.teamId}
              onValueChange={(teamId) => onChange({ teamId })}
            />
          )}
        </Field>
      );
    case "age":
      return (
        <Field label="Older than">
          {(control) => (
            <Select
              {...control}
              options={AGES}
              value={choice.age}
              onValueChange={(age) => onChange({ age })}
            />
          )}
        </Field>
      );
    case "all":
      return null;
    default:
      return choice.by satisfies never;
  }
}

interface ClearEffectProps {
  selection: Record<string, unknown> | undefined;
}

function ClearEffect({ selection }: ClearEffectProps) {
  const query = new URLSearchParams(
    Object.entries(selection ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const path = selection === undefined ? null : (`/api/console/cache/preview?${query}` as const);
  const { data, error } = useIsland<CacheCleared>(path);
  if (selection === undefined) {
    return <p>Choose which answers to clear.</p>;
  }
  if (error !== null) {
    return <p>What will be cleared could not be counted: {error.message}</p>;
  }
  if (data === undefined) {
    return <p>Counting what will be cleared.</p>;
  }
  return (
    <p>
      <strong>{answersText(data.entries)}</strong>, {formatBytes(data.size_bytes)}. The requests
      that they answered go to a provider again.
    </p>
  );
}
