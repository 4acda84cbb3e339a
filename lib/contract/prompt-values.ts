import { ConduitError, type ErrorCode } from "../errors.ts";
import type { PromptMessage, PromptValue, PromptVariable } from "./managed-prompt.ts";
import { filledLength, fillTemplate } from "./prompt-template.ts";

/** The longest text that a variable can be given. */
export const MAX_VALUE_CHARACTERS = 1_000_000;
/** The longest that all messages of a prompt can become together. */
export const MAX_RENDERED_CHARACTERS = 4_000_000;

/** What is wrong with a value, in words that follow the variable's name. */
export interface ValueProblem {
  name: string;
  code: ErrorCode;
  message: string;
}

const TYPE_WORDS = {
  string: "has to be a string.",
  number: "has to be a number.",
  boolean: "has to be true or false.",
} as const satisfies Record<PromptVariable["type"], string>;

/** What a prompt says and asks for. */
export interface Template {
  messages: readonly PromptMessage[];
  variables: readonly PromptVariable[];
}

/**
 * Every value that does not fit: of another type, too long, or missing; and the first that is of no
 * variable. Nothing is turned into another type, and a misspelt name is told instead of ignored.
 */
export function findValueProblems(
  variables: readonly PromptVariable[],
  values: Readonly<Record<string, unknown>>,
): ValueProblem[] {
  const known = new Set(variables.map(({ name }) => name));
  // A body has room for thousands of names, and each message lists all variables.
  const unknown = Object.keys(values).find((name) => !known.has(name));
  return [
    ...(unknown === undefined ? [] : [unknownVariable(unknown, known)]),
    ...variables.flatMap((variable) => problemOf(variable, givenTo(variable, values)) ?? []),
  ];
}

function unknownVariable(name: string, known: ReadonlySet<string>): ValueProblem {
  const has = known.size === 0 ? "It has none." : `It has: ${[...known].join(", ")}.`;
  return { name, code: "unknown_parameter", message: `is no variable of this prompt. ${has}` };
}

/** The caller's value, else the default; `undefined` for neither. */
function givenTo(
  { name, default: fallback }: PromptVariable,
  values: Readonly<Record<string, unknown>>,
): unknown {
  return Object.hasOwn(values, name) ? values[name] : (fallback ?? undefined);
}

function problemOf(variable: PromptVariable, value: unknown): ValueProblem | undefined {
  const { name, type, required } = variable;
  if (value === undefined) {
    return required
      ? { name, code: "missing_required_parameter", message: "is required." }
      : undefined;
  }
  if (!isOfType(type, value)) {
    return { name, code: "invalid_type", message: TYPE_WORDS[type] };
  }
  return typeof value === "string" && value.length > MAX_VALUE_CHARACTERS
    ? { name, code: "invalid_value", message: `has more than ${MAX_VALUE_CHARACTERS} characters.` }
    : undefined;
}

/** JSON can write a number that no number can hold: `1e999` arrives as infinity. */
export function isOfType(type: PromptVariable["type"], value: unknown): value is PromptValue {
  return type === "number"
    ? typeof value === "number" && Number.isFinite(value)
    : typeof value === type;
}

/**
 * The messages of a prompt with these values. Roles and the number of messages are the template's:
 * a value only ever becomes text inside of one message. `param` is the field that holds the values;
 * an error names the variable below it.
 */
export function renderPrompt(
  { messages, variables }: Template,
  { values, param }: { values: Readonly<Record<string, unknown>>; param: string },
): PromptMessage[] {
  const [problem] = findValueProblems(variables, values);
  if (problem !== undefined) {
    const field = `${param}.${problem.name}`;
    throw new ConduitError(problem.code, {
      message: `'${field}' ${problem.message}`,
      param: field,
    });
  }
  const texts = textsOf(variables, values);
  const length = messages.reduce((sum, { content }) => sum + filledLength(content, texts), 0);
  if (length > MAX_RENDERED_CHARACTERS) {
    throw new ConduitError("invalid_value", {
      message: `The messages of the prompt would have ${length} characters with these values; ${MAX_RENDERED_CHARACTERS} is the most.`,
      param,
    });
  }
  return messages.map(({ role, content }) => ({ role, content: fillTemplate(content, texts) }));
}

function textsOf(
  variables: readonly PromptVariable[],
  values: Readonly<Record<string, unknown>>,
): Map<string, string> {
  return new Map(
    variables.map((variable) => {
      const value = givenTo(variable, values);
      // Checked above: it is a text, a number, a truth value, or not there.
      return [variable.name, value === undefined ? "" : String(value)];
    }),
  );
}
