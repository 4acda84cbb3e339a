import type { PromptMessage, PromptValue, PromptVariable } from "#lib/contract/managed-prompt.ts";
import type { PromptVersionInfo } from "#lib/contract/prompt.ts";
import { variablesIn } from "#lib/contract/prompt-template.ts";
import { newVariable } from "#lib/contract/prompt-variable.ts";

export interface MessageValues {
  /** Keeps a message's box while others come and go. */
  key: string;
  role: PromptMessage["role"];
  content: string;
}

export interface VariableValues {
  name: string;
  type: PromptVariable["type"];
  required: boolean;
  /** Empty is none. */
  default: string;
  description: string;
}

/** What the editor holds: texts as they were typed. */
export type EditorValues = {
  name: string;
  description: string;
  messages: readonly MessageValues[];
  /** As far as somebody has said something about them. */
  variables: readonly VariableValues[];
  model_hint: string;
  note: string;
  /** Whether a new prompt gets the label production at once. */
  isProduction: boolean;
};

let lastKey = 0;

export function newMessage(role: PromptMessage["role"], content = ""): MessageValues {
  lastKey += 1;
  return { key: `m${lastKey}`, role, content };
}

export function newPromptValues(): EditorValues {
  return {
    name: "",
    description: "",
    messages: [newMessage("system")],
    variables: [],
    model_hint: "",
    note: "",
    isProduction: true,
  };
}

/** The editor of the version after this one. */
export function valuesOf(name: string, version: PromptVersionInfo): EditorValues {
  return {
    name,
    description: "",
    messages: version.messages.map(({ role, content }) => newMessage(role, content)),
    variables: version.variables.map(textsOf),
    model_hint: version.model_hint ?? "",
    note: "",
    isProduction: false,
  };
}

function textsOf(variable: PromptVariable): VariableValues {
  return {
    name: variable.name,
    type: variable.type,
    required: variable.required,
    default: variable.default === null ? "" : String(variable.default),
    description: variable.description ?? "",
  };
}

/** A variable as the editor shows it: with whether any message uses it. */
export interface ShownVariable extends VariableValues {
  isUsed: boolean;
}

/** Those that somebody has said something about, and those that the messages use beside them. */
export function shownVariables({
  messages,
  variables,
}: Pick<EditorValues, "messages" | "variables">): ShownVariable[] {
  const used = variablesIn(messages);
  const known = new Set(variables.map(({ name }) => name));
  const found = used.filter((name) => !known.has(name)).map((name) => textsOf(newVariable(name)));
  return [...variables, ...found].map((variable) => ({
    ...variable,
    isUsed: used.includes(variable.name),
  }));
}

/** The template as it stands, for rendering before it is saved. */
export function draftOf(values: Pick<EditorValues, "messages" | "variables">): {
  messages: PromptMessage[];
  variables: PromptVariable[];
} {
  return {
    messages: values.messages.map(({ role, content }) => ({ role, content })),
    // A default that does not fit its type is refused by name when the prompt is rendered or saved.
    variables: shownVariables(values).map(variableOf) as PromptVariable[],
  };
}

function variableOf({ name, type, required, default: text, description }: VariableValues) {
  return {
    name,
    type,
    required,
    default: text === "" ? null : defaultOf(type, text),
    description: description.trim() === "" ? null : description.trim(),
  };
}

function defaultOf(type: PromptVariable["type"], text: string): PromptValue {
  if (type === "number") {
    return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  }
  return type === "boolean" && /^(?:true|false)$/.test(text.trim()) ? text.trim() === "true" : text;
}

/** What is sent for the next version of a prompt. */
export function versionInput(values: EditorValues): Record<string, unknown> {
  return {
    name: values.name.trim(),
    ...draftOf(values),
    model_hint: values.model_hint.trim() === "" ? null : values.model_hint.trim(),
    note: values.note,
  };
}

/** What is sent for a new prompt. */
export function promptInput(values: EditorValues): Record<string, unknown> {
  const { note, ...version } = versionInput(values);
  return {
    ...version,
    ...(values.note.trim() === "" ? {} : { note }),
    description: values.description.trim() === "" ? null : values.description.trim(),
    labels: values.isProduction ? ["production"] : [],
  };
}
