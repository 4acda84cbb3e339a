import { playgroundContent } from "#lib/contract/playground.ts";
import { contentOf, openContent, type Playground } from "./playground-state.ts";

/** Of this tab only, and gone with it: prompts are in no address and outlast no session. */
const NAME = "conduit.playground";

export function keepPlayground(playground: Playground): void {
  try {
    const kept = { content: contentOf(playground), draft: playground.draft };
    sessionStorage.setItem(NAME, JSON.stringify(kept));
  } catch {
    // Without room, or with storage switched off, nothing is kept.
  }
}

export function takeKept(): Playground | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
    if (typeof kept !== "object" || kept === null || !("content" in kept)) {
      return undefined;
    }
    const content = playgroundContent.safeParse(kept.content).data;
    const draft = "draft" in kept && typeof kept.draft === "string" ? kept.draft : "";
    return content === undefined ? undefined : { ...openContent(content), draft };
  } catch {
    // What another version kept is not ours to read.
    return undefined;
  }
}
