import type { PromptVersion } from "./managed-prompt.ts";

type Shown = Pick<PromptVersion, "messages"> & {
  variables: PromptVersion["variables"];
  model_hint: string | null;
};

/** The messages of a version as text, each under its role: what two versions are compared by. */
export function textOfMessages({ messages }: Pick<PromptVersion, "messages">): string {
  return messages.map(({ role, content }) => `# ${role}\n\n${content}\n`).join("\n");
}

/** Variables and model of a version, one on each line. */
export function textOfConfig({ variables, model_hint: model }: Omit<Shown, "messages">): string {
  const lines = variables.map(({ name, type, required, default: fallback, description }) =>
    [
      `${name}: ${type}, ${required ? "required" : "optional"}`,
      ...(fallback === null ? [] : [`, default ${JSON.stringify(fallback)}`]),
      ...(description === null ? [] : [`, ${description}`]),
    ].join(""),
  );
  return [...lines, `model: ${model ?? "none"}`, ""].join("\n");
}

/** A whole version as text. */
export function textOfVersion(version: Shown): string {
  return `${textOfMessages(version)}\n${textOfConfig(version)}`;
}
