"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { toast } from "sonner";
import type { JobInfo } from "#lib/contract/job.ts";
import { Chip, type ChipProps } from "../../../_ui/chip.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { useSubmission } from "../../../_ui/use-submission.ts";
import { runRetention } from "../actions.ts";

const STATES = {
  never: { tone: "neutral", word: "Never ran" },
  running: { tone: "info", word: "Running" },
  ok: { tone: "success", word: "Done" },
  failed: { tone: "danger", word: "Failed" },
} as const satisfies Record<JobInfo["state"], { tone: ChipProps["tone"]; word: string }>;

const LOOK_AGAIN_MS = 2000;

export interface RetentionRunProps {
  job: JobInfo | null;
}

/** How the last run ended, and a button for the next one. */
export function RetentionRun({ job }: RetentionRunProps) {
  const router = useRouter();
  const { state, send } = useSubmission(runRetention, {
    onDone: () => {
      toast.success("The retention job begins now");
      setTimeout(() => router.refresh(), LOOK_AGAIN_MS);
    },
    onOutdated: () => undefined,
  });
  useRefreshWhile(job?.state === "running");
  const { tone, word } = STATES[job?.state ?? "never"];
  return (
    <div className="flex flex-wrap items-start justify-between gap-3 text-sm">
      <div className="flex min-w-0 flex-col gap-1">
        <p className="flex flex-wrap items-center gap-2">
          Last run
          <Chip tone={tone}>{word}</Chip>
          <Timestamp at={job?.started_at ?? null} style="relative" fallback="" />
        </p>
        <p className="text-muted-fg">{state.formError ?? job?.result ?? "It runs every hour."}</p>
      </div>
      <Button isPending={state.isPending} onClick={() => send({})}>
        Run now
      </Button>
    </div>
  );
}

/** A run that is under way has a result soon. */
function useRefreshWhile(isRunning: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!isRunning) {
      return;
    }
    const timer = setTimeout(() => router.refresh(), LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isRunning, router]);
}
