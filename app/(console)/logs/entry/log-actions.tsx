"use client";

import { FlaskConical, SquareTerminal } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import type { PayloadView } from "#lib/contract/payload.ts";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { withBasePath } from "../../../_ui/base-path.ts";
import { cn } from "../../../_ui/cn.ts";
import { copyText } from "../../../_ui/copy-text.ts";
import { Button, buttonClass } from "../../../_ui/primitives/button.tsx";
import { curlOf } from "./curl.ts";

export interface LogActionsProps {
  log: RequestLogDetail;
}

/** What one may do with a request that is over: send it again, by hand or in the playground. */
export function LogActions({ log }: LogActionsProps) {
  return (
    <>
      {log.endpoint === "chat" ? (
        <Link
          className={cn(buttonClass({ size: "sm" }))}
          // The playground is a page of its own, and reads the id of a request.
          href={`/playground?log=${log.id}` as Route}
          prefetch={false}
        >
          <FlaskConical aria-hidden />
          Open in playground
        </Link>
      ) : null}
      <CurlButton log={log} />
    </>
  );
}

function CurlButton({ log }: LogActionsProps) {
  const [state, setState] = useState<"idle" | "asking" | "copied">("idle");

  async function copy() {
    setState("asking");
    const body = await readBody(log.id);
    if (body === null) {
      toast.error("The request's content is not stored, so there is no body to send again.");
      setState("idle");
      return;
    }
    const origin = `${window.location.origin}${withBasePath("/v1")}`;
    const isCopied = await copyText(curlOf({ origin, endpoint: log.endpoint, body }));
    if (!isCopied) {
      toast.error("The browser did not let the page copy. The Payload tab has the request.");
    }
    setState(isCopied ? "copied" : "idle");
  }

  return (
    <Button size="sm" isPending={state === "asking"} onClick={() => void copy()}>
      {state === "asking" ? null : <SquareTerminal aria-hidden />}
      {state === "copied" ? "Copied" : "Copy as curl"}
    </Button>
  );
}

/** The request as it was sent; `null` where it is not stored as a whole. */
async function readBody(id: string): Promise<string | null> {
  const reply = await fetch(withBasePath(`/api/console/logs/${id}/payload`)).catch(() => undefined);
  if (reply?.ok !== true) {
    return null;
  }
  // Our own endpoint answers nothing else with this status.
  const view = (await reply.json()) as PayloadView;
  return view.state === "stored" && !view.request.truncated ? view.request.text : null;
}
