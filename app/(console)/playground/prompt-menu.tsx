"use client";

import { FileText } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { reachOf } from "#lib/catalog/roles.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "../../_ui/primitives/menu.tsx";
import { useViewer } from "../../_ui/viewer-context.tsx";
import { LoadPrompt } from "./load-prompt.tsx";
import type { Panel } from "./playground-state.ts";
import { isRearranged, withPrompt } from "./prompt-content.ts";
import { SavePrompt } from "./save-prompt.tsx";
import type { Bench } from "./use-workbench.ts";

export interface PromptMenuProps {
  bench: Bench;
  /** The panel that is saved. */
  panel: Panel;
}

/** Managed prompts in the playground: one loaded into it, and what it has kept as one. */
export function PromptMenu({ bench, panel }: PromptMenuProps) {
  const { role } = useViewer();
  const [open, setOpen] = useState<"load" | "save" | null>(null);
  const { state, models, dispatch } = bench;
  return (
    <>
      <Menu>
        <MenuTrigger render={<Button />}>
          <FileText aria-hidden />
          Prompt
        </MenuTrigger>
        <MenuContent>
          <MenuItem onClick={() => setOpen("load")}>Load a prompt</MenuItem>
          {reachOf(role, "prompt.write") === null ? null : (
            <MenuItem onClick={() => setOpen("save")}>Save as a prompt</MenuItem>
          )}
        </MenuContent>
      </Menu>
      <LoadPrompt
        isOpen={open === "load"}
        onOpenChange={(isOpen) => setOpen(isOpen ? "load" : null)}
        onLoad={({ messages, model }) => {
          bench.runs.stopAll();
          const known = models.some(({ name }) => name === model) ? model : null;
          dispatch({ kind: "all", playground: withPrompt(state, { messages, model: known }) });
          if (isRearranged(messages)) {
            toast("The playground puts system and developer messages first, as one system prompt.");
          }
        }}
      />
      <SavePrompt
        isOpen={open === "save"}
        onOpenChange={(isOpen) => setOpen(isOpen ? "save" : null)}
        state={state}
        panel={panel}
      />
    </>
  );
}
