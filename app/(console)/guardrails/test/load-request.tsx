"use client";

import { useEffect, useEffectEvent, useState } from "react";
import type { PayloadView } from "#lib/contract/payload.ts";
import { withBasePath } from "../../../_ui/base-path.ts";
import { Field } from "../../../_ui/field.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Input } from "../../../_ui/primitives/input.tsx";
import { type Sample, sampleOf } from "./sample.ts";

interface LoadRequestProps {
  /** Loaded at once. */
  requestId: string | null;
  onLoad: (part: Pick<Sample, "messages" | "answer">) => void;
}

/** Takes a stored request over, by its id; opening somebody else's is told in the audit log. */
export function LoadRequest({ requestId, onLoad }: LoadRequestProps) {
  const [id, setId] = useState(requestId ?? "");
  const [problem, setProblem] = useState<string>();
  const [isLoading, setLoading] = useState(false);

  async function load(wanted: string) {
    setLoading(true);
    const found = await readSample(wanted.trim());
    setLoading(false);
    setProblem(typeof found === "string" ? found : undefined);
    if (typeof found !== "string") {
      onLoad(found);
    }
  }

  const begin = useEffectEvent(load);
  useEffect(() => {
    if (requestId !== null) {
      void begin(requestId);
    }
  }, [requestId]);

  return (
    <Field label="Load from request id" error={problem}>
      {(control) => (
        <div className="flex items-center gap-2">
          <Input
            {...control}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            value={id}
            onChange={(event) => setId(event.target.value)}
          />
          <Button disabled={id.trim() === ""} isPending={isLoading} onClick={() => void load(id)}>
            Load
          </Button>
        </div>
      )}
    </Field>
  );
}

async function readSample(id: string): Promise<Pick<Sample, "messages" | "answer"> | string> {
  const path = `/api/console/logs/${encodeURIComponent(id)}/payload` as const;
  const reply = await fetch(withBasePath(path)).catch(() => undefined);
  if (reply === undefined) {
    return "Conduit cannot be reached. Check the connection and try again.";
  }
  if (!reply.ok) {
    return "There is no request of this id that you may open.";
  }
  // Our own endpoint; its shape is the contract's.
  return sampleOf((await reply.json()) as PayloadView);
}
