"use client";

import { CopyButton } from "./copy-button.tsx";
import { formatId } from "./format.ts";

export interface EntityIdProps {
  id: string;
  /** What it is an id of: "request id". */
  what?: string;
  /** Show all of it. */
  isWhole?: boolean;
}

/** `<EntityId id={log.id} what="request id" />`: the ends of an id, and a button that copies all of it. */
export function EntityId({ id, what = "id", isWhole = false }: EntityIdProps) {
  return (
    <span className="inline-flex min-w-0 items-center gap-0.5">
      <code title={id} className="min-w-0 break-all font-mono text-[13px]">
        {isWhole ? id : formatId(id)}
      </code>
      <CopyButton text={id} what={what} />
    </span>
  );
}
