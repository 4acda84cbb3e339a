"use client";

import { Radio, RefreshCw } from "lucide-react";
import type { SavedView } from "#lib/contract/saved-view.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { type SavedViewActions, SavedViews } from "../../../_ui/saved-views.tsx";
import { useShortcut } from "../../../_ui/shell/use-shortcut.ts";
import { useLogUrl } from "../use-log-url.ts";
import { ExportDialog } from "./export-dialog.tsx";

export interface LogToolbarProps {
  /** Whether the range ends now. */
  canFollow: boolean;
  views: readonly SavedView[];
  viewActions: SavedViewActions;
}

/** What can be done with the list as a whole. */
export function LogToolbar({ canFollow, views, viewActions }: LogToolbarProps) {
  const url = useLogUrl();
  const isLive = canFollow && url.params.get("live") === "1";
  const toggle = () => {
    if (isLive) {
      url.show({ live: null });
      url.refresh();
    } else {
      url.go({ live: "1", cursor: null, sort: null, dir: null });
    }
  };
  useShortcut("l", toggle, { label: "Follow requests as they end", isEnabled: canFollow });
  useShortcut("r", url.refresh, { label: "Refresh" });
  return (
    <>
      <Button
        aria-pressed={isLive}
        disabled={!canFollow}
        title={canFollow ? "Follow requests as they end (l)" : "Live needs a range that ends now"}
        onClick={toggle}
      >
        <Radio aria-hidden className={isLive ? "text-success" : "text-muted-fg"} />
        Live
      </Button>
      <Button onClick={url.refresh} isPending={url.isPending} title="Refresh (r)">
        {url.isPending ? null : <RefreshCw aria-hidden className="text-muted-fg" />}
        Refresh
      </Button>
      <ExportDialog />
      <SavedViews page="logs" views={views} actions={viewActions} />
    </>
  );
}
