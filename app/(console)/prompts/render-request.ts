import type { PromptRendered } from "#lib/contract/prompt.ts";
import type { PromptDraft } from "#lib/contract/prompt-board.ts";
import { withBasePath } from "../../_ui/base-path.ts";

/** Renders a template on the server, which also counts its tokens. Throws with the server's reason. */
export async function requestRender(draft: PromptDraft): Promise<PromptRendered> {
  const response = await fetch(withBasePath("/api/console/prompts/render"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(draft),
  }).catch(() => undefined);
  if (response === undefined) {
    throw new Error("The server could not be reached.");
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok || body === undefined) {
    const { error } = (body ?? {}) as { error?: { message?: string } };
    throw new Error(error?.message ?? `The server answered with status ${response.status}.`);
  }
  // Our own endpoint; its shape is the contract.
  return body as PromptRendered;
}
