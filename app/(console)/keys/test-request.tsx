"use client";

import { useState } from "react";
import { withBasePath } from "../../_ui/base-path.ts";
import { formatDuration, formatMoney } from "../../_ui/format.ts";
import { Button } from "../../_ui/primitives/button.tsx";

interface TestOutcome {
  isGood: boolean;
  text: string;
}

export interface TestRequestProps {
  secret: string;
  model: string;
}

/** One real request with the new key, from this browser to the gateway. */
export function TestRequest({ secret, model }: TestRequestProps) {
  const [isPending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<TestOutcome | null>(null);

  async function send() {
    setPending(true);
    setOutcome(null);
    setOutcome(await sendTest({ secret, model }));
    setPending(false);
  }

  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button isPending={isPending} onClick={() => void send()}>
        Send test request
      </Button>
      <span
        role="status"
        className={`text-sm ${outcome === null || outcome.isGood ? "text-success" : "text-danger"}`}
      >
        {outcome?.text ?? ""}
      </span>
    </div>
  );
}

async function sendTest({ secret, model }: TestRequestProps): Promise<TestOutcome> {
  const startedAt = performance.now();
  try {
    const reply = await fetch(withBasePath("/v1/chat/completions"), {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({
        model,
        messages: [{ role: "user", content: "Say hello." }],
        max_tokens: 64,
      }),
      credentials: "omit",
    });
    const body: unknown = await reply.json().catch(() => undefined);
    const took = formatDuration(performance.now() - startedAt);
    if (!reply.ok) {
      return { isGood: false, text: `${reply.status} after ${took}: ${messageOf(body)}` };
    }
    const cost = formatMoney(reply.headers.get("x-conduit-cost-usd"), "request");
    return { isGood: true, text: `${reply.status}, ${took}, ${cost}` };
  } catch {
    return { isGood: false, text: "The gateway could not be reached." };
  }
}

function messageOf(body: unknown): string {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    if (typeof error === "object" && error !== null && "message" in error) {
      return String(error.message);
    }
  }
  return "no reason was given.";
}
