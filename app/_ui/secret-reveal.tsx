"use client";

import { type ReactNode, useEffect, useState } from "react";
import { CopyButton } from "./copy-button.tsx";
import { CheckboxOption } from "./primitives/checkbox.tsx";

export interface SecretRevealProps {
  secret: string;
  /** What it is: "key". */
  what: string;
  /** Told once it was copied, or somebody has said that it is stored. */
  onSafe: () => void;
  children?: ReactNode;
}

/**
 * A secret that is shown this one time. Leaving the page asks first until it is safe; dialogs and
 * wizards hold their way on back until `onSafe`. Keep the secret in the state of the component that
 * shows this, and nowhere else.
 */
export function SecretReveal({ secret, what, onSafe, children }: SecretRevealProps) {
  const [isSafe, setSafe] = useState(false);

  useEffect(() => {
    if (isSafe) {
      return;
    }
    const guard = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", guard);
    return () => window.removeEventListener("beforeunload", guard);
  }, [isSafe]);

  function settle() {
    setSafe(true);
    onSafe();
  }

  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm">
        Copy this {what} now. Conduit keeps only a digest of it and cannot show it again.
      </p>
      <div className="flex min-w-0 items-stretch gap-2">
        <textarea
          readOnly
          rows={2}
          spellCheck={false}
          aria-label={`Your ${what}`}
          value={secret}
          onFocus={(event) => event.currentTarget.select()}
          className="field-sizing-content min-h-9 min-w-0 flex-1 resize-none break-all rounded-md border border-input bg-surface px-2.5 py-1.5 font-mono text-[13px]"
        />
        <CopyButton
          text={secret}
          what={what}
          hasLabel
          variant="primary"
          className="h-9"
          onCopied={settle}
        />
      </div>
      {children}
      <CheckboxOption
        label={`I have stored this ${what}`}
        checked={isSafe}
        disabled={isSafe}
        onCheckedChange={(isChecked) => (isChecked ? settle() : undefined)}
      />
    </div>
  );
}
