"use client";

import { useRouter } from "next/navigation";
import type { ViewPage } from "#lib/contract/saved-view.ts";
import { ActionForm } from "./action-form.tsx";
import { Field } from "./field.tsx";
import { Button } from "./primitives/button.tsx";
import { Input } from "./primitives/input.tsx";
import { Select } from "./primitives/select.tsx";
import type { SavedViewActions } from "./saved-views.tsx";
import { useActionForm } from "./use-action-form.ts";
import { useViewer } from "./viewer-context.tsx";

export interface SaveViewFormProps {
  page: ViewPage;
  query: string;
  save: SavedViewActions["save"];
}

const PRIVATE = "private";

/** A name for the filters of now; team admins may share it with a team that they lead. */
export function SaveViewForm({ page, query, save }: SaveViewFormProps) {
  const router = useRouter();
  const viewer = useViewer();
  const teams = viewer.teams.filter(({ role }) => viewer.role === "admin" || role === "team_admin");
  const form = useActionForm({
    name: `save-view-${page}`,
    action: save,
    initial: { name: "", share: PRIVATE },
    schema: () => import("#lib/contract/saved-view.ts").then((found) => found.savedViewInput),
    toInput: ({ name, share }) => ({
      page,
      name,
      query,
      team_id: share === PRIVATE ? null : share,
    }),
    onDone: () => {
      form.reset();
      router.refresh();
    },
  });
  return (
    <ActionForm form={form} id={`save-view-${page}`} labels={{ name: "Name" }}>
      <Field label="Save these filters as" error={form.errors["name"]}>
        {(control) => <Input {...control} {...form.text("name")} maxLength={80} />}
      </Field>
      {teams.length === 0 ? null : (
        <Select
          aria-label="Who sees the view"
          isCompact
          className="w-full"
          value={form.values.share}
          onValueChange={(share) => form.set("share", share)}
          options={[
            { value: PRIVATE, label: "Only me" },
            ...teams.map(({ id, name }) => ({ value: id, label: `Team ${name}` })),
          ]}
        />
      )}
      <Button type="submit" variant="primary" isPending={form.isPending} className="self-start">
        Save view
      </Button>
    </ActionForm>
  );
}
