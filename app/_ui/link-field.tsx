"use client";

import { BASE_PATH } from "./base-path.ts";
import { CopyButton } from "./copy-button.tsx";
import { useOrigin } from "./use-origin.ts";

export interface LinkFieldProps {
  /** A whole address, or a path of this install. */
  link: string;
  /** What it is: "Invitation link". */
  label: string;
}

/** A link to pass on: selected on focus, with a button that copies it. */
export function LinkField({ link, label }: LinkFieldProps) {
  const origin = useOrigin() ?? "";
  const whole = link.startsWith("/") ? `${origin}${BASE_PATH}${link}` : link;
  return (
    <div className="flex min-w-0 items-center gap-1">
      <input
        readOnly
        aria-label={label}
        value={whole}
        onFocus={(event) => event.currentTarget.select()}
        className="h-8 min-w-0 flex-1 rounded-md border border-input bg-surface px-2 font-mono text-xs"
      />
      <CopyButton text={whole} what={label.toLowerCase()} />
    </div>
  );
}
