"use client";

import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Tab, TabList, TabPanel, Tabs } from "../../../_ui/primitives/tabs.tsx";
import { useViewer } from "../../../_ui/viewer-context.tsx";
import { useLogUrl } from "../use-log-url.ts";
import { Cost } from "./cost.tsx";
import { Guardrails } from "./guardrails.tsx";
import { LogPayload } from "./log-payload.tsx";
import { LogStrip } from "./log-strip.tsx";
import { Metadata } from "./metadata.tsx";
import { Routing } from "./routing.tsx";
import { Timeline } from "./timeline.tsx";

const TABS = [
  { id: "timeline", label: "Timeline" },
  { id: "routing", label: "Routing" },
  { id: "payload", label: "Payload" },
  { id: "guardrails", label: "Guardrails" },
  { id: "cost", label: "Cost" },
  { id: "metadata", label: "Metadata" },
] as const;

export interface LogEntryProps {
  log: RequestLogDetail;
}

/** One request explained: the same in the drawer and on its own page. */
export function LogEntry({ log }: LogEntryProps) {
  const url = useLogUrl();
  const viewer = useViewer();
  const asked = url.params.get("tab");
  const tab = TABS.find(({ id }) => id === asked)?.id ?? "timeline";
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <LogStrip log={log} />
      {log.error_message === null ? null : (
        <p className="break-words rounded-md border border-border bg-surface px-3 py-2 text-sm">
          <span className="font-medium">{log.label}:</span> {log.error_message}
          {log.outcome === "blocked" ? (
            <Button variant="link" className="ml-2" onClick={() => url.show({ tab: "guardrails" })}>
              Which rule
            </Button>
          ) : null}
        </p>
      )}
      <Tabs
        value={tab}
        onValueChange={(next: string) => url.show({ tab: next === "timeline" ? null : next })}
      >
        <TabList aria-label="Parts of the request">
          {TABS.map(({ id, label }) => (
            <Tab key={id} value={id}>
              {label}
            </Tab>
          ))}
        </TabList>
        <TabPanel value="timeline">
          <Timeline log={log} />
        </TabPanel>
        <TabPanel value="routing">
          <Routing log={log} />
        </TabPanel>
        <TabPanel value="payload">
          <LogPayload requestId={log.id} isOwn={log.user_id === viewer.id} />
        </TabPanel>
        <TabPanel value="guardrails">
          <Guardrails log={log} />
        </TabPanel>
        <TabPanel value="cost">
          <Cost log={log} />
        </TabPanel>
        <TabPanel value="metadata">
          <Metadata log={log} />
        </TabPanel>
      </Tabs>
    </div>
  );
}
