import type { PromptMessage } from "#lib/contract/managed-prompt.ts";
import { escapeTemplate } from "#lib/contract/prompt-template.ts";
import { newId, type Panel, type Playground } from "./playground-state.ts";

/** The messages of a prompt in every panel; what was there before goes. */
export function withPrompt(
  state: Playground,
  { messages, model }: { messages: readonly PromptMessage[]; model: string | null },
): Playground {
  const system = messages.filter(isSystem).map(({ content }) => content);
  const turns = messages.flatMap(({ role, content }) =>
    role === "user" || role === "assistant" ? [{ role, content }] : [],
  );
  const [only] = state.panels;
  const isAlone = state.panels.length === 1 && only !== undefined;
  return {
    system: system.join("\n\n"),
    draft: "",
    panels: state.panels.map((panel) => ({
      ...panel,
      model: isAlone && model !== null ? model : panel.model,
      system: null,
      turns: turns.map((turn) => ({ id: newId(), ...turn })),
    })),
  };
}

/** Whether the playground, which has one system prompt in front, shows these messages otherwise. */
export function isRearranged(messages: readonly PromptMessage[]): boolean {
  const first = messages.findIndex((message) => !isSystem(message));
  return (
    messages.filter(isSystem).length > 1 ||
    messages.some(({ role }) => role === "developer") ||
    (first !== -1 && messages.slice(first).some(isSystem))
  );
}

function isSystem({ role }: PromptMessage): boolean {
  return role === "system" || role === "developer";
}

/** What a panel would ask, as the messages of a prompt; answers that are under way are left out. */
export function promptOf(
  { system: shared, draft }: Pick<Playground, "system" | "draft">,
  panel: Panel,
  { isTemplate }: { isTemplate: boolean },
): PromptMessage[] {
  const system = panel.system ?? shared;
  const messages: PromptMessage[] = [
    { role: "system", content: system },
    ...panel.turns
      .filter(({ run }) => run?.state !== "running")
      .map(({ role, content }) => ({ role, content })),
    { role: "user", content: draft },
  ];
  return messages
    .filter(({ content }) => content.trim() !== "")
    .map(({ role, content }) => ({
      role,
      content: isTemplate ? content : escapeTemplate(content),
    }));
}
