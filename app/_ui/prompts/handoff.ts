import type { PromptMessage } from "#lib/contract/managed-prompt.ts";

/** Messages on their way to the playground: of this tab only, and gone once they were taken. */
const NAME = "conduit.prompt-handoff";

export interface Handoff {
  messages: PromptMessage[];
  /** Null keeps the playground's choice. */
  model: string | null;
}

/** Whether they could be put down: storage may be full or switched off. */
export function putHandoff(handoff: Handoff): boolean {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(handoff));
    return true;
  } catch {
    return false;
  }
}

export function takeHandoff(): Handoff | undefined {
  try {
    const text = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    const kept: unknown = JSON.parse(text ?? "null");
    return isHandoff(kept) ? kept : undefined;
  } catch {
    // What another version kept is not ours to read.
    return undefined;
  }
}

function isHandoff(kept: unknown): kept is Handoff {
  return (
    typeof kept === "object" &&
    kept !== null &&
    "messages" in kept &&
    Array.isArray(kept.messages) &&
    kept.messages.every(
      (each) => typeof each?.role === "string" && typeof each?.content === "string",
    ) &&
    "model" in kept &&
    (kept.model === null || typeof kept.model === "string")
  );
}
