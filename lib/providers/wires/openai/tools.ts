import type { ChatTool, ToolChoice } from "#lib/contract/chat.ts";
import { withSystemText } from "#lib/providers/codec/system-text.ts";
import type { Encoding } from "./encode-chat.ts";
import { withoutCacheControl } from "./messages.ts";

/** Applies the row's rules to the tools and to the choice among them. */
export function settleTools(encoding: Encoding): void {
  const { body, quirks } = encoding;
  if (!body.tools) {
    return;
  }
  if (quirks.functionToolsOnly === true) {
    body.tools = body.tools.filter((tool, at) => isFunction(encoding, tool, at));
  }
  if (quirks.dropCacheControl === true) {
    body.tools = body.tools.map((tool) => withoutCacheControl(encoding, tool));
  }
  if (quirks.toolChoice !== undefined && body.tool_choice) {
    settleChoice(encoding, body.tool_choice);
  }
}

function isFunction({ adjust, label }: Encoding, tool: ChatTool, at: number): boolean {
  if (tool.type === "function") {
    return true;
  }
  adjust.refuse(
    `tools[${at}].type`,
    `${label} has no tools of the type '${tool.type}'.`,
    "unsupported_value",
  );
  return false;
}

function settleChoice(encoding: Encoding, given: ToolChoice): void {
  const { body, quirks, adjust } = encoding;
  let choice = given;
  if (typeof choice === "object" && choice.type === "allowed_tools") {
    const { mode, tools } = choice.allowed_tools;
    keepTools(encoding, new Set(tools.flatMap(nameOf)));
    adjust.report("tool_choice");
    choice = mode;
    body.tool_choice = mode;
  }
  if (typeof choice === "object" && choice.type === "custom") {
    adjust.refuse("tool_choice", `'${choice.type}' tools are not supported by ${encoding.label}.`);
    delete body.tool_choice;
    return;
  }
  if (quirks.toolChoice === "auto" && choice !== "auto") {
    emulateChoice(encoding, choice);
  }
}

/** A choice for a provider that knows none: by the tools that are sent, and in words. */
function emulateChoice(encoding: Encoding, choice: ToolChoice): void {
  const { body, adjust } = encoding;
  adjust.report("tool_choice");
  delete body.tool_choice;
  if (choice === "none") {
    delete body.tools;
    return;
  }
  const names = typeof choice === "object" ? nameOf(choice) : [];
  if (names.length > 0) {
    keepTools(encoding, new Set(names));
  }
  const which = names.length > 0 ? `the tool "${names[0]}"` : "at least one of the tools";
  body.messages = withSystemText(body.messages, `Answer by calling ${which}.`);
}

function keepTools({ body }: Encoding, names: ReadonlySet<string>): void {
  if (body.tools) {
    body.tools = body.tools.filter((tool) => nameOf(tool).some((name) => names.has(name)));
  }
}

/** The name of a tool or of a reference to one. */
function nameOf(tool: Record<string, unknown>): string[] {
  const named = tool["function"] ?? tool["custom"];
  return typeof named === "object" && named !== null && "name" in named ? [String(named.name)] : [];
}
