/** A value that a template can be given. */
export type PromptValue = string | number | boolean;

/** A variable of a template, as its version declares it. */
export interface PromptVariable {
  name: string;
  type: "string" | "number" | "boolean";
  /** Refused when it is not given and has no default. */
  required: boolean;
  default: PromptValue | null;
  description: string | null;
}

export interface PromptMessage {
  role: "system" | "developer" | "user" | "assistant";
  /** Text with `{{variable}}` in it. */
  content: string;
}

/** One immutable version of a managed prompt. */
export interface PromptVersion {
  version: number;
  messages: readonly PromptMessage[];
  variables: readonly PromptVariable[];
  /** The model that is asked when a request names none. */
  modelHint: string | null;
}

/** A managed prompt as requests see it. */
export interface ManagedPrompt {
  id: string;
  name: string;
  latest: number;
  versions: ReadonlyMap<number, PromptVersion>;
  /** Versions by label, as `production`. */
  labels: ReadonlyMap<string, number>;
}
