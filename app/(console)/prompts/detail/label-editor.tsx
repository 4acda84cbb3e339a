"use client";

import { X } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { deleteLabel } from "../actions.ts";
import { LabelChip } from "../label-chips.tsx";
import { MoveLabelDialog } from "./move-label-dialog.tsx";

export interface LabelEditorProps {
  page: PromptPage;
  mayWrite: boolean;
}

const FIRST_LABELS = ["production", "staging"];

/** The labels of the open version: taking one away, and moving one here. */
export function LabelEditor({ page, mayWrite }: LabelEditorProps) {
  const router = useRouter();
  const { prompt, version } = page;
  const [leaving, setLeaving] = useState<string | null>(null);
  return (
    <div className="flex min-w-0 flex-col gap-3 text-sm">
      {version.labels.length === 0 ? (
        <p className="text-muted-fg">No label leads to this version.</p>
      ) : (
        <ul aria-label="Labels of this version" className="flex flex-wrap gap-2">
          {version.labels.map((label) => (
            <li key={label} className="inline-flex items-center gap-0.5">
              <LabelChip label={label}>{label}</LabelChip>
              {mayWrite ? (
                <Button
                  size="icon-sm"
                  variant="ghost"
                  aria-label={`Take ${label} away`}
                  onClick={() => setLeaving(label)}
                >
                  <X aria-hidden />
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayWrite ? <MoveLabel page={page} /> : null}
      <ConfirmDialog
        isOpen={leaving !== null}
        onOpenChange={() => setLeaving(null)}
        title={`Take ${leaving} away`}
        verb="Take away"
        effect={
          leaving === "production"
            ? "Requests that name no version get the newest one from then on; those that name production are refused."
            : `Requests that name ${leaving} are refused from then on.`
        }
        action={deleteLabel}
        input={{ name: prompt.name, label: leaving }}
        onDone={() => {
          toast(`${leaving} is taken away`);
          router.refresh();
        }}
      />
    </div>
  );
}

/** A label by its name, known or new; the dialog then shows what moving it would change. */
function MoveLabel({ page }: Pick<LabelEditorProps, "page">) {
  const { prompt, version } = page;
  const list = useId();
  const [typed, setTyped] = useState("");
  const [moving, setMoving] = useState<string | null>(null);
  const known = new Set([...FIRST_LABELS, ...prompt.labels.map(({ label }) => label)]);
  function ask(event: FormEvent) {
    event.preventDefault();
    if (typed.trim() !== "") {
      setMoving(typed.trim());
    }
  }
  return (
    <form noValidate onSubmit={ask} className="flex max-w-md flex-wrap items-center gap-2">
      <Input
        aria-label="Label to give to this version"
        placeholder="A label, such as staging"
        autoComplete="off"
        list={list}
        className="min-w-32 flex-1"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <datalist id={list}>
        {[...known]
          .filter((label) => !version.labels.includes(label))
          .map((label) => (
            <option key={label} value={label} />
          ))}
      </datalist>
      <Button type="submit" size="lg">
        Give label
      </Button>
      <MoveLabelDialog
        page={page}
        label={moving}
        onClose={() => setMoving(null)}
        onDone={() => setTyped("")}
      />
    </form>
  );
}
