"use client";

import { Play } from "lucide-react";
import { toast } from "sonner";
import { Button } from "../../_ui/primitives/button.tsx";
import { useSubmission } from "../../_ui/use-submission.ts";
import { runJob } from "./actions.ts";

interface RunJobProps {
  name: string;
  label: string;
}

/** Has a job run a moment from now; its row tells how it ended. */
export function RunJob({ name, label }: RunJobProps) {
  const { state, send } = useSubmission(runJob, {
    onDone: () => toast(`${label} begins in a moment`),
    onOutdated: () => toast.error("Conduit was updated. Reload the page."),
  });
  return (
    <span className="inline-flex flex-col items-end">
      <Button
        size="icon-sm"
        variant="ghost"
        aria-label={`Run ${label} now`}
        isPending={state.isPending}
        onClick={() => send({ name })}
      >
        {state.isPending ? null : <Play aria-hidden />}
      </Button>
      {state.formError === null ? null : (
        <span role="alert" className="text-danger text-xs">
          {state.formError}
        </span>
      )}
    </span>
  );
}
