"use client";

import { useState } from "react";
import { CodeBlock } from "./code-block.tsx";
import { formatBytes, formatCount } from "./format.ts";
import { Button } from "./primitives/button.tsx";

/** More lines than this are shown on demand: a page stays quick with a large payload. */
const FIRST_LINES = 400;

export interface JsonViewProps {
  /** Any plain data; a string is tried as JSON first and shown as it is otherwise. */
  value: unknown;
  /** What it is: "request body". */
  what: string;
}

/** `<JsonView value={payload.request} what="request body" />` */
export function JsonView({ value, what }: JsonViewProps) {
  const [isWhole, setWhole] = useState(false);
  const text = textOf(value);
  const lines = text.split("\n");
  const isLong = lines.length > FIRST_LINES;
  const shown = isLong && !isWhole ? lines.slice(0, FIRST_LINES).join("\n") : text;
  return (
    <div className="flex min-w-0 flex-col items-start gap-2">
      <CodeBlock code={shown} what={what} className="max-h-[32rem] w-full overflow-auto" />
      {isLong && !isWhole ? (
        <Button onClick={() => setWhole(true)}>
          Show all {formatCount(lines.length)} lines ({formatBytes(text.length)})
        </Button>
      ) : null}
    </div>
  );
}

function textOf(value: unknown): string {
  if (typeof value !== "string") {
    return JSON.stringify(value, null, 2) ?? "";
  }
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
