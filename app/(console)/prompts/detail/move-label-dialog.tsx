"use client";

import { useRouter } from "next/navigation";
import { toast } from "sonner";
import type { PromptPage } from "#lib/contract/prompt-board.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { setLabel } from "../actions.ts";
import { PromptDiff } from "./prompt-diff.tsx";
import { useVersion } from "./use-version.ts";

export interface MoveLabelDialogProps {
  page: PromptPage;
  /** Null closes it. */
  label: string | null;
  onClose: () => void;
  onDone: () => void;
}

/** Before a label moves: what those who name it get now, and what they will get. */
export function MoveLabelDialog({ page, label, onClose, onDone }: MoveLabelDialogProps) {
  const router = useRouter();
  const { prompt, version } = page;
  const from = prompt.labels.find((each) => each.label === label)?.version ?? null;
  return (
    <ConfirmDialog
      isOpen={label !== null}
      onOpenChange={onClose}
      title={
        from === null
          ? `Give ${label} to version ${version.version}`
          : `Move ${label} from version ${from} to version ${version.version}`
      }
      verb={from === null ? "Give label" : "Move label"}
      isDanger={false}
      effect={<Effect page={page} label={label ?? ""} from={from} />}
      action={setLabel}
      input={{
        name: prompt.name,
        label,
        version: version.version,
        // Somebody else may have moved it since this page was loaded.
        expected_version: from,
      }}
      onDone={() => {
        toast(`${label} is at version ${version.version}`);
        onDone();
        router.refresh();
      }}
    />
  );
}

interface EffectProps {
  page: PromptPage;
  label: string;
  from: number | null;
}

function Effect({ page: { prompt, version }, label, from }: EffectProps) {
  // Without the label, requests that name no version get the newest.
  const isDefault = label === "production";
  const now = from ?? (isDefault ? prompt.latest_version : null);
  const { version: before, problem } = useVersion(prompt.name, now);
  const who = isDefault ? "that name no version" : `that name ${label}`;
  return (
    <div className="flex max-h-[60dvh] min-w-0 flex-col gap-3 overflow-y-auto text-sm">
      <p>
        Requests {who} get version {version.version} at once
        {now === null ? "" : `, instead of version ${now}`}.
      </p>
      {problem === null ? null : <p className="text-danger">{problem}</p>}
      {now === null || problem !== null ? null : before === undefined ? (
        <Skeleton className="h-32" />
      ) : (
        <PromptDiff before={before} after={version} />
      )}
    </div>
  );
}
