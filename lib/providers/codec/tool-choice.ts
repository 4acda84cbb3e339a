import type { ChatRequest, ToolChoice } from "#lib/contract/chat.ts";
import { isGiven } from "./adjust.ts";

/** Whether the caller leaves the model no choice but to call a tool. */
export function forcesTool(choice: ToolChoice | null | undefined): boolean {
  if (!isGiven(choice) || typeof choice === "string") {
    return choice === "required";
  }
  return choice.type !== "allowed_tools" || choice.allowed_tools.mode === "required";
}

/** Whether the caller names the one tool that has to be called. */
export function namesTool(choice: ToolChoice | null | undefined): boolean {
  return isGiven(choice) && typeof choice !== "string" && choice.type !== "allowed_tools";
}

/** The name in an entry of `allowed_tools`, whose form follows that of `tools`. */
export function toolNameIn(tool: Record<string, unknown>): unknown {
  const inner = tool["function"] ?? tool["custom"];
  return typeof inner === "object" && inner !== null && "name" in inner ? inner.name : tool["name"];
}

/** A name for a tool of our own that none of the caller's tools has. */
export function freeToolName(request: ChatRequest): string {
  const taken = new Set(
    (request.tools ?? []).map((tool) =>
      tool.type === "function" ? tool.function.name : tool.custom.name,
    ),
  );
  let name = "json";
  while (taken.has(name)) {
    name += "_";
  }
  return name;
}
