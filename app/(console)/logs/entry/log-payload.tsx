"use client";

import { Download, WrapText } from "lucide-react";
import { useState } from "react";
import type { KeptText, PayloadView } from "#lib/contract/payload.ts";
import { CopyButton } from "../../../_ui/copy-button.tsx";
import { ErrorCard } from "../../../_ui/error-card.tsx";
import { formatBytes } from "../../../_ui/format.ts";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Tab, TabList, TabPanel, Tabs } from "../../../_ui/primitives/tabs.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { useIsland } from "../../../_ui/use-island.ts";
import { Conversation } from "./conversation.tsx";
import { FoundText } from "./found-text.tsx";
import { NoPayload } from "./no-payload.tsx";

/** Beyond this a text is shown in part: it would hold the page up. */
const MAX_SHOWN = 200_000;
const PREVIEW = 4096;

export interface LogPayloadProps {
  requestId: string;
  isOwn: boolean;
}

/** What was asked and answered, read only when somebody opens it. All of it is text. */
export function LogPayload({ requestId, isOwn }: LogPayloadProps) {
  const { data, error, refresh, isLoading } = useIsland<PayloadView>(
    `/api/console/logs/${requestId}/payload`,
  );
  if (error !== null) {
    return (
      <ErrorCard
        title="Could not load the payload."
        errorId={error.requestId ?? undefined}
        onRetry={refresh}
        isRetrying={isLoading}
      >
        {error.message} The other tabs are unaffected.
      </ErrorCard>
    );
  }
  if (data === undefined) {
    return <Skeleton className="h-64 w-full" />;
  }
  if (data.state !== "stored") {
    return <NoPayload view={data} />;
  }
  return (
    <section aria-label="Payload" className="flex min-w-0 flex-col gap-3">
      {isOwn ? null : (
        <p className="text-muted-fg text-xs">
          This is somebody else's request: that you opened it is in the audit log.
        </p>
      )}
      <Stored view={data} requestId={requestId} />
      <p className="text-muted-fg text-xs">
        {formatBytes(data.size_bytes)} stored. Removed after{" "}
        <Timestamp at={data.removed_after} style="day" />.
      </p>
    </section>
  );
}

interface StoredProps {
  view: Extract<PayloadView, { state: "stored" }>;
  requestId: string;
}

function Stored({ view, requestId }: StoredProps) {
  const [find, setFind] = useState("");
  const [isWrapped, setWrapped] = useState(true);
  const { request, answer, headers } = view;
  const text = (kept: KeptText, what: string) => (
    <BodyText kept={kept} what={what} find={find} isWrapped={isWrapped} requestId={requestId} />
  );
  return (
    <Tabs defaultValue="conversation">
      <TabList aria-label="Parts of the payload">
        <Tab value="conversation">Conversation</Tab>
        <Tab value="request">Request JSON</Tab>
        <Tab value="response">Response JSON</Tab>
        <Tab value="headers">Headers</Tab>
      </TabList>
      <div className="flex items-center gap-2">
        <Input
          type="search"
          aria-label="Find in payload"
          placeholder="Find in payload"
          value={find}
          onChange={(event) => setFind(event.target.value)}
          className="h-8 max-w-64"
        />
        <Button
          size="icon"
          variant="ghost"
          aria-label="Wrap long lines"
          aria-pressed={isWrapped}
          title="Wrap long lines"
          onClick={() => setWrapped(!isWrapped)}
        >
          <WrapText aria-hidden />
        </Button>
      </div>
      <TabPanel value="conversation">
        <Conversation request={request.text} answer={answer?.text ?? null} find={find} />
      </TabPanel>
      <TabPanel value="request">{text(request, "request")}</TabPanel>
      <TabPanel value="response">
        {answer === null ? <p>No answer began.</p> : text(answer, "response")}
        {answer?.assembled === true ? (
          <p className="pt-2 text-muted-fg text-xs">
            The answer was streamed; its events are put together here.
          </p>
        ) : null}
      </TabPanel>
      <TabPanel value="headers">
        {text({ text: JSON.stringify(headers), truncated: false }, "headers")}
      </TabPanel>
    </Tabs>
  );
}

interface BodyTextProps {
  kept: KeptText;
  what: string;
  find: string;
  isWrapped: boolean;
  requestId: string;
}

function BodyText({ kept, what, find, isWrapped, requestId }: BodyTextProps) {
  const whole = prettyJson(kept.text);
  const isLong = whole.length > MAX_SHOWN;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {kept.truncated ? (
        <p className="text-13 text-warning">
          The end is missing: what is stored of a text has a size limit.
        </p>
      ) : null}
      {isLong ? (
        <p className="text-13">
          This text has {formatBytes(whole.length)}. Its beginning is shown; the download has all of
          it.
        </p>
      ) : null}
      <div className="flex items-center gap-1">
        <CopyButton text={whole} what={what} hasLabel />
        <Button onClick={() => download(whole, `${requestId}-${what}.json`)}>
          <Download aria-hidden />
          Download
        </Button>
      </div>
      <FoundText
        text={isLong ? whole.slice(0, PREVIEW) : whole}
        find={find}
        isWrapped={isWrapped}
        what={what}
      />
    </div>
  );
}

function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Text is saved as text: opened in a browser, nothing in it runs. */
function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
