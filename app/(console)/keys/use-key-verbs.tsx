"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import type { RevealedKey } from "#lib/contract/api-key-console.ts";
import { setKeyEnabled } from "./actions.ts";
import { RevealKey } from "./reveal-key.tsx";
import { RevokeKeyDialog } from "./revoke-key-dialog.tsx";
import { RotateKeyDialog } from "./rotate-key-dialog.tsx";

export type KeyVerb = "rotate" | "enable" | "disable" | "revoke";

interface Target {
  id: string;
  name: string;
}

interface KeyVerbs {
  run: (verb: KeyVerb, target: Target) => void;
  /** Shows a secret that was just made. */
  reveal: (key: RevealedKey) => void;
  /** The dialogs; they stand once on the page, so that no refresh of a row takes one away. */
  dialogs: ReactNode;
}

/** Rotating, switching and revoking keys, wherever a page offers it. */
export function useKeyVerbs(): KeyVerbs {
  const router = useRouter();
  const [open, setOpen] = useState<{ verb: "rotate" | "revoke"; target: Target } | null>(null);
  const [revealed, setRevealed] = useState<RevealedKey | null>(null);
  const close = (isOpen: boolean) => (isOpen ? undefined : setOpen(null));

  async function setEnabled(target: Target, isActive: boolean, isUndo = false) {
    const result = await setKeyEnabled({ id: target.id, is_active: isActive }).catch(
      () => undefined,
    );
    if (result?.ok !== true) {
      toast.error(result?.formError ?? "Conduit cannot be reached. The key is as it was.");
      return;
    }
    router.refresh();
    const said = `${target.name} is ${isActive ? "enabled" : "disabled"}`;
    toast(
      said,
      isUndo
        ? {}
        : { action: { label: "Undo", onClick: () => void setEnabled(target, !isActive, true) } },
    );
  }

  function run(verb: KeyVerb, target: Target) {
    if (verb === "enable" || verb === "disable") {
      void setEnabled(target, verb === "enable");
    } else {
      setOpen({ verb, target });
    }
  }

  return {
    run,
    reveal: setRevealed,
    dialogs: (
      <>
        <RotateKeyDialog
          key={`rotate ${open?.target.id}`}
          keyId={open?.target.id ?? ""}
          name={open?.target.name ?? ""}
          isOpen={open?.verb === "rotate"}
          onOpenChange={close}
          onRotated={setRevealed}
        />
        <RevokeKeyDialog
          keyId={open?.target.id ?? ""}
          name={open?.target.name ?? ""}
          isOpen={open?.verb === "revoke"}
          onOpenChange={close}
          onRevoked={() => {
            toast(`${open?.target.name} is revoked`);
            router.refresh();
          }}
        />
        <RevealKey
          revealed={revealed}
          onClose={() => {
            setRevealed(null);
            router.refresh();
          }}
        />
      </>
    ),
  };
}
