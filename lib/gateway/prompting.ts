import { z } from "zod";
import { chatMessage } from "#lib/contract/chat.ts";
import { errorOfIssues } from "#lib/contract/issues.ts";
import type { ManagedPrompt, PromptMessage, PromptVersion } from "#lib/contract/managed-prompt.ts";
import { chooseVersion } from "#lib/contract/prompt-choice.ts";
import { promptReference } from "#lib/contract/prompt-fields.ts";
import { variablesIn } from "#lib/contract/prompt-template.ts";
import { renderPrompt } from "#lib/contract/prompt-values.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import { ConduitError } from "#lib/errors.ts";
import { assertLengths } from "./endpoints/lengths.ts";
import type { Story } from "./story.ts";

const FIELD = "conduit_prompt";

const referring = z.looseObject({ [FIELD]: promptReference });
const ownMessages = z.looseObject({ messages: z.array(chatMessage).optional() });

type Body = Record<string, unknown>;

/**
 * The body with the messages of the managed prompt that it names; its own messages follow them. The
 * prompt's model is asked when the body names none. A body that names no prompt comes back as it
 * is. Sets `story.prompt` as soon as it is known which version is meant, so that a request that
 * fails later says so in its log row.
 */
export function fillPrompt(
  story: Pick<Story, "endpoint" | "prompt" | "filled">,
  asked: Body,
): Body {
  if (!Object.hasOwn(asked, FIELD)) {
    return asked;
  }
  if (story.endpoint.name !== "chat") {
    throw new ConduitError("unsupported_parameter", {
      message: `'${FIELD}' is for chat requests only.`,
      param: FIELD,
    });
  }
  const { [FIELD]: given, ...body } = asked;
  if (given === null) {
    return body;
  }
  assertOwnMessages(body);
  const { name, ...choice } = readReference(asked);
  const prompt = currentSnapshot().prompts.get(name) ?? noSuchPrompt(name);
  const version = versionOf(prompt, choice);
  story.prompt = { name, version: version.version };
  const values = valuesIn(given);
  const messages = renderPrompt(version, { values, param: `${FIELD}.variables` });
  story.filled = messages
    .map(({ content }, at) => ({
      at,
      content,
      values: textsIn(version.messages[at], values),
    }))
    .filter((each) => each.values.length > 0);
  return { ...modelOf(version, body), ...body, messages: [...messages, ...messagesIn(body)] };
}

function readReference(asked: Body): z.infer<typeof promptReference> {
  const checked = referring.safeParse(asked);
  if (!checked.success) {
    throw errorOfIssues(checked.error, asked);
  }
  return checked.data[FIELD];
}

/** Checked before the prompt's come in front of them: an error then counts them as the caller does. */
function assertOwnMessages(body: Body): void {
  assertLengths(body);
  const checked = ownMessages.safeParse(body);
  if (!checked.success) {
    throw errorOfIssues(checked.error, body);
  }
}

function messagesIn({ messages }: { messages?: unknown }): readonly unknown[] {
  return Array.isArray(messages) ? messages : [];
}

/** As they were sent: the schema's copy of a map leaves out names that no map should have. */
function valuesIn(given: unknown): Record<string, unknown> {
  const values = (given as { variables?: Record<string, unknown> }).variables;
  return values ?? {};
}

/** The caller's own texts among what a message of a prompt is filled with. */
function textsIn(
  message: PromptMessage | undefined,
  values: Readonly<Record<string, unknown>>,
): string[] {
  return variablesIn(message === undefined ? [] : [message]).flatMap((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === "string" && value !== "" ? [value] : [];
  });
}

function versionOf(
  prompt: ManagedPrompt,
  choice: { version?: number | undefined; label?: string | undefined },
): PromptVersion {
  const number = chooseVersion(prompt, choice, FIELD);
  const version = prompt.versions.get(number);
  if (version === undefined) {
    throw new ConduitError("invalid_value", {
      message: `'${FIELD}.version' is ${number}, and the prompt '${prompt.name}' has no such version.`,
      param: `${FIELD}.version`,
    });
  }
  return version;
}

function noSuchPrompt(name: string): never {
  throw new ConduitError("invalid_value", {
    message: `'${FIELD}.name' is '${name}', and there is no such prompt.`,
    param: `${FIELD}.name`,
  });
}

function modelOf({ modelHint }: PromptVersion, body: Body): { model?: string } {
  return body["model"] === undefined && modelHint !== null ? { model: modelHint } : {};
}
