"use client";

import { useSyncExternalStore } from "react";
import { BASE_PATH } from "./base-path.ts";
import { CopyButton } from "./copy-button.tsx";

export interface LinkFieldProps {
  /** A whole address, or a path of this install. */
  link: string;
  /** What it is: "Invitation link". */
  label: string;
}

const NEVER = () => () => undefined;

/** A link to pass on: selected on focus, with a button that copies it. */
export function LinkField({ link, label }: LinkFieldProps) {
  const origin = useSyncExternalStore(
    NEVER,
    () => window.location.origin,
    () => "",
  );
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
