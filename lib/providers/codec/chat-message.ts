import { isRecord } from "./tool-arguments.ts";

/**
 * Brings the text of a message or delta into OpenAI's form in place: content that came as a list of
 * parts becomes text and reasoning, and reasoning under its other name gets the one that this
 * gateway promises, `reasoning_content`. Returns whether anything changed.
 */
export function settleText(message: Record<string, unknown>): boolean {
  const split = Array.isArray(message["content"]);
  if (split) {
    splitContent(message, message["content"] as unknown[]);
  }
  return renameReasoning(message) || split;
}

function splitContent(message: Record<string, unknown>, parts: readonly unknown[]): void {
  let text = "";
  let reasoning = "";
  for (const part of parts) {
    if (isRecord(part) && part["type"] === "thinking") {
      reasoning += textOf(part["thinking"]);
    } else {
      text += textOf(part);
    }
  }
  message["content"] = text;
  if (reasoning !== "") {
    message["reasoning_content"] = reasoning;
  }
}

/** The text in a string, a text part, or a list of them; other parts have none. */
function textOf(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(textOf).join("");
  }
  return isRecord(value) && typeof value["text"] === "string" ? value["text"] : "";
}

function renameReasoning(message: Record<string, unknown>): boolean {
  const reasoning = message["reasoning"];
  if (typeof reasoning !== "string" || reasoning === "") {
    return false;
  }
  const known = message["reasoning_content"];
  if (typeof known === "string" && known !== "") {
    return false;
  }
  message["reasoning_content"] = reasoning;
  delete message["reasoning"];
  return true;
}
