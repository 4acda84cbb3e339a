import type { TrialResult } from "#lib/contract/cache-console.ts";
import { withBasePath } from "../../_ui/base-path.ts";

/** What came of a trial: the nearest questions, or why they could not be had. */
export type TrialAnswer = { ok: true; result: TrialResult } | { ok: false; message: string };

const UNREACHABLE = "The server could not be reached.";

/** Looks a question up, without keeping or answering it. */
export async function askTrial(input: { prompt: string; model: string }): Promise<TrialAnswer> {
  try {
    const response = await fetch(withBasePath("/api/console/cache/lookup"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    const body: unknown = await response.json();
    // Our own endpoint; its shape is the contract's.
    return response.ok
      ? { ok: true, result: body as TrialResult }
      : { ok: false, message: messageIn(body) };
  } catch {
    return { ok: false, message: UNREACHABLE };
  }
}

function messageIn(body: unknown): string {
  const error = (body as { error?: { message?: unknown } } | null)?.error;
  return typeof error?.message === "string" ? error.message : UNREACHABLE;
}
