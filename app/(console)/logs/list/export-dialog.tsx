"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import type { LogExportPlan } from "#lib/contract/log-export.ts";
import { withBasePath } from "../../../_ui/base-path.ts";
import { ErrorCard } from "../../../_ui/error-card.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { Button, buttonClass } from "../../../_ui/primitives/button.tsx";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogTitle,
} from "../../../_ui/primitives/dialog.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { useShortcut } from "../../../_ui/shell/use-shortcut.ts";
import { useIsland } from "../../../_ui/use-island.ts";
import { useListQuery } from "../use-list-query.tsx";

/** Says what a file would hold before it is made. */
export function ExportDialog() {
  const [isOpen, setOpen] = useState(false);
  useShortcut("e", () => setOpen(true), { label: "Export the list" });
  return (
    <>
      <Button onClick={() => setOpen(true)} title="Export the list (e)">
        <Download aria-hidden className="text-muted-fg" />
        Export
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen}>
        <DialogContent>
          <DialogTitle>Export requests</DialogTitle>
          {isOpen ? <ExportPlan onDone={() => setOpen(false)} /> : null}
        </DialogContent>
      </Dialog>
    </>
  );
}

interface ExportPlanProps {
  onDone: () => void;
}

function ExportPlan({ onDone }: ExportPlanProps) {
  const query = useListQuery();
  const { data, error, refresh } = useIsland<LogExportPlan>(
    `/api/console/logs/export/plan?${query}`,
  );
  if (error !== null) {
    return (
      <ErrorCard
        title="Could not count the requests."
        errorId={error.requestId ?? undefined}
        onRetry={refresh}
      >
        {error.message}
      </ErrorCard>
    );
  }
  if (data === undefined) {
    return <Skeleton className="h-16 w-full" />;
  }
  return (
    <>
      <DialogDescription>
        {data.isCut
          ? `More than ${formatCount(data.rows)} requests match. The file will hold the newest ${formatCount(data.rows)}; choose a shorter range to get the others.`
          : `The file will hold ${formatCount(data.rows)} ${data.rows === 1 ? "request" : "requests"}, without prompts and answers.`}
        {" That you exported them is written to the audit log."}
      </DialogDescription>
      <DialogFooter>
        <DialogClose render={<Button>Cancel</Button>} />
        <a
          className={buttonClass({ variant: "primary" })}
          href={withBasePath(`/api/console/logs/export?${query}`)}
          download
          onClick={onDone}
        >
          Download CSV
        </a>
      </DialogFooter>
    </>
  );
}
