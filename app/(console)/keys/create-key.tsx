"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import type { KeyOptions } from "#lib/contract/api-key-console.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";
import { CreateKeySheet } from "./create-key-sheet.tsx";
import { useKeyVerbs } from "./use-key-verbs.tsx";

export interface CreateKeyProps {
  options: KeyOptions;
  teamId: string | null;
}

/** The button, its form, and the one showing of what it made. */
export function CreateKey({ options, teamId }: CreateKeyProps) {
  const [isCreating, setCreating] = useState(false);
  const verbs = useKeyVerbs();
  useShortcut("c", () => setCreating(true), { label: "Create a key" });
  return (
    <>
      <Button variant="primary" title="Create key (c)" onClick={() => setCreating(true)}>
        <Plus aria-hidden />
        Create key
      </Button>
      <CreateKeySheet
        isOpen={isCreating}
        onOpenChange={setCreating}
        options={options}
        teamId={teamId}
        onCreated={verbs.reveal}
      />
      {verbs.dialogs}
    </>
  );
}
