"use client";

import type { RevealedKey } from "#lib/contract/api-key-console.ts";
import { SecretDialog } from "../../_ui/secret-dialog.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { FirstRequest } from "./first-request.tsx";
import { TestRequest } from "./test-request.tsx";

export interface RevealKeyProps {
  /** Null while nothing is to be shown; the owner of this state is the only one who has the secret. */
  revealed: RevealedKey | null;
  /** Called when the secret is safe and the dialog has gone: only then is the list read anew. */
  onClose: () => void;
}

/** The one showing of a key's secret, with what it takes to use it. */
export function RevealKey({ revealed, onClose }: RevealKeyProps) {
  const name = revealed?.alias ?? revealed?.key_prefix ?? "";
  const previous = revealed?.previous_valid_until ?? null;
  return (
    <SecretDialog
      secret={revealed?.key ?? null}
      what="key"
      title={previous === null ? `${name} is ready` : `${name} has a new secret`}
      onClose={onClose}
    >
      {revealed === null ? null : (
        <div className="flex flex-col gap-3">
          {previous === null ? null : (
            <p className="text-sm">
              The old secret is accepted until <Timestamp at={previous} />.
            </p>
          )}
          <FirstRequest model={revealed.model} baseUrl={revealed.base_url} secret={revealed.key} />
          {revealed.model === null ? null : (
            <TestRequest secret={revealed.key} model={revealed.model} />
          )}
        </div>
      )}
    </SecretDialog>
  );
}
