"use client";

import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { CopyButton } from "../../../_ui/copy-button.tsx";
import { formatId } from "../../../_ui/format.ts";
import { formatRelative, formatTimeExact } from "../../../_ui/format-time.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import {
  Popover,
  PopoverContent,
  PopoverTitle,
  PopoverTrigger,
} from "../../../_ui/primitives/popover.tsx";
import { StatusChip } from "../../../_ui/status-chip.tsx";
import { useClock } from "../../../_ui/viewer-context.tsx";

export interface LogHeadingProps {
  log: RequestLogDetail;
}

/** How it ended, what was asked, when, and its id. */
export function LogHeading({ log }: LogHeadingProps) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      <StatusChip outcome={log.outcome} errorCode={log.error_code} status={log.status} />
      <span className="min-w-0 break-all font-mono text-13">
        {log.model_asked}
        {log.model === null || log.model === log.model_asked ? null : (
          <span className="text-muted-fg"> → {log.model}</span>
        )}
      </span>
      <TimeForms at={log.created_at} />
      <span className="inline-flex items-center font-mono text-13 text-muted-fg" title={log.id}>
        {formatId(log.id)}
        <CopyButton text={log.id} what="request id" />
      </span>
    </div>
  );
}

interface TimeFormsProps {
  at: string;
}

/** The time, opening to every way to write it, each to copy. */
function TimeForms({ at }: TimeFormsProps) {
  const how = useClock();
  const forms = [
    ["Local", formatTimeExact(at, how)],
    ["UTC", at],
    ["Relative", formatRelative(at)],
    ["Unix, ms", String(Date.parse(at))],
  ] as const;
  return (
    <Popover>
      <PopoverTrigger
        render={
          <Button variant="ghost" size="sm" className="px-1 font-normal">
            <time dateTime={at} suppressHydrationWarning>
              {formatTimeExact(at, how).replace(/ \(.*\)$/, "")}
            </time>
          </Button>
        }
      />
      <PopoverContent className="flex flex-col gap-1">
        <PopoverTitle className="font-medium">Time of the request</PopoverTitle>
        {forms.map(([name, text]) => (
          <span key={name} className="flex items-center justify-between gap-3 text-13">
            <span className="text-muted-fg">{name}</span>
            <span className="inline-flex items-center gap-1">
              <span suppressHydrationWarning>{text}</span>
              <CopyButton text={text} what={`${name} time`} />
            </span>
          </span>
        ))}
      </PopoverContent>
    </Popover>
  );
}
