"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { KeyBulk, KeyBulkResult, KeyListRow } from "#lib/contract/api-key-list.ts";
import { ConfirmDialog } from "../../_ui/confirm-dialog.tsx";
import { formatCount } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { bulkKeys } from "./actions.ts";

export interface BulkKeysProps {
  keys: readonly KeyListRow[];
  onDone: () => void;
}

const SAID = { enable: "enabled", disable: "disabled", revoke: "revoked" } as const;

/** What can be done with several keys at once. */
export function BulkKeys({ keys, onDone }: BulkKeysProps) {
  const router = useRouter();
  const [isRevoking, setRevoking] = useState(false);
  const ids = keys.map(({ id }) => id);
  const used = keys.filter((key) => key.requests_24h > 0).length;

  function tell(action: KeyBulk["action"], { done, refused }: KeyBulkResult) {
    const count = `${done.length} ${done.length === 1 ? "key" : "keys"} ${SAID[action]}`;
    if (refused.length === 0) {
      toast(count);
    } else {
      toast.error(`${count}, ${refused.length} refused: ${refused[0]?.message ?? ""}`);
    }
    onDone();
    router.refresh();
  }

  async function run(action: "enable" | "disable") {
    const result = await bulkKeys({ ids, action }).catch(() => undefined);
    if (result?.ok === true) {
      tell(action, result.value);
    } else {
      toast.error(result?.formError ?? "Conduit cannot be reached. Nothing was changed.");
    }
  }

  return (
    <>
      <Button onClick={() => void run("disable")}>Disable</Button>
      <Button onClick={() => void run("enable")}>Enable</Button>
      <Button variant="danger" onClick={() => setRevoking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        isOpen={isRevoking}
        onOpenChange={setRevoking}
        title={`Revoke ${keys.length} ${keys.length === 1 ? "key" : "keys"}`}
        verb="Revoke"
        typedName={`revoke ${keys.length}`}
        effect={
          <p>
            {used === 0
              ? "None of them was used in 24 hours."
              : `${formatCount(used)} of them ${used === 1 ? "was" : "were"} used in 24 hours.`}{" "}
            Requests with them are refused at once, and they cannot be brought back.
          </p>
        }
        action={bulkKeys}
        input={{ ids, action: "revoke" }}
        onDone={(result) => tell("revoke", result)}
      />
    </>
  );
}
