"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { deleteVersion } from "../actions.ts";
import { promptHref } from "../prompt-href.ts";
import { RequestsOf } from "./requests-of.tsx";

export interface DeleteVersionProps {
  page: PromptPage;
}

/** Takes a version away that nothing leads to any more; otherwise says what still does. */
export function DeleteVersion({ page: { prompt, version } }: DeleteVersionProps) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const reason =
    version.labels.length > 0
      ? `It has the label ${version.labels.join(", ")}, so it cannot be deleted.`
      : version.version === prompt.latest_version
        ? "The newest version cannot be deleted: its number would be given to another text."
        : null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Button aria-disabled={reason !== null} onClick={() => setOpen(reason === null)}>
        <Trash2 aria-hidden /> Delete version {version.version}
      </Button>
      {reason === null ? null : <span className="text-muted-fg text-sm">{reason}</span>}
      <ConfirmDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Delete version ${version.version} of ${prompt.name}`}
        verb="Delete"
        effect={
          <p>
            <RequestsOf name={isOpen ? prompt.name : null} version={version.version} /> Requests
            that name this version are refused from then on. It cannot be brought back.
          </p>
        }
        action={deleteVersion}
        input={{ name: prompt.name, version: version.version }}
        onDone={() => {
          toast(`Version ${version.version} is deleted`);
          router.push(promptHref(prompt.name));
          router.refresh();
        }}
      />
    </div>
  );
}
