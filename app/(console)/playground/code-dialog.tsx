"use client";

import { BASE_PATH } from "../../_ui/base-path.ts";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogTitle,
} from "../../_ui/primitives/dialog.tsx";
import { Snippet } from "../../_ui/snippet.tsx";
import { codeSamples } from "./code-samples.ts";
import type { Panel } from "./playground-state.ts";
import { requestBody } from "./request-body.ts";

export interface CodeDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  panel: Panel;
  sharedSystem: string;
  baseUrl: string | null;
}

/** A panel's request as code. The key is read from the environment: the grant of this page is none. */
export function CodeDialog({
  isOpen,
  onOpenChange,
  panel,
  sharedSystem,
  baseUrl,
}: CodeDialogProps) {
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent className="sm:max-w-2xl">
        <DialogTitle>Code for {panel.model}</DialogTitle>
        <DialogDescription>Set CONDUIT_API_KEY to a key of yours.</DialogDescription>
        {isOpen ? (
          <Snippet
            samples={codeSamples(
              requestBody(panel, sharedSystem),
              `${baseUrl ?? `${location.origin}${BASE_PATH}`}/v1`,
            )}
          />
        ) : null}
      </DialogContent>
    </Dialog>
  );
}
