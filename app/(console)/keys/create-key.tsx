"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { KeyOptions } from "#lib/contract/api-key-console.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";
import { useKeyVerbs } from "./use-key-verbs.tsx";

const CreateKeySheet = dynamic(() =>
  import("./create-key-sheet.tsx").then((module) => module.CreateKeySheet),
);

export interface CreateKeyProps {
  options: KeyOptions;
  teamId: string | null;
}

/** The button, its form, and the one showing of what it made. */
export function CreateKey({ options, teamId }: CreateKeyProps) {
  const [isCreating, setCreating] = useState(false);
  // Mounted from the first use on: what was typed stays when the form is closed.
  const [isUsed, setUsed] = useState(false);
  const create = () => {
    setUsed(true);
    setCreating(true);
  };
  const verbs = useKeyVerbs();
  useShortcut("c", create, { label: "Create a key" });
  return (
    <>
      <Button variant="primary" title="Create key (c)" onClick={create}>
        <Plus aria-hidden />
        Create key
      </Button>
      {isUsed ? (
        <CreateKeySheet
          isOpen={isCreating}
          onOpenChange={setCreating}
          options={options}
          teamId={teamId}
          onCreated={verbs.reveal}
        />
      ) : null}
      {verbs.dialogs}
    </>
  );
}
