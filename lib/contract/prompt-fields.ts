import { z } from "zod";
import { parseTemplate, VARIABLE_NAME } from "./prompt-template.ts";
import { isOfType } from "./prompt-values.ts";

/** The fields of a managed prompt, as they are saved and sent. */
const MAX_MESSAGES = 100;
const MAX_MESSAGE_CHARACTERS = 100_000;
const MAX_TEMPLATE_CHARACTERS = 200_000;
export const MAX_VARIABLES = 100;

export const PROMPT_ROLES = ["system", "developer", "user", "assistant"] as const;
export const VARIABLE_TYPES = ["string", "number", "boolean"] as const;

/** Means the newest version wherever a label is asked for, and can therefore be given to none. */
export const LATEST = "latest";
/** The label that a request means when it names neither a version nor a label. */
export const DEFAULT_LABEL = "production";

/** Addresses of the console that stand beside those of prompts. */
const TAKEN_NAMES = new Set(["new"]);

export const promptName = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/,
    "must have letters, digits, '.', '_' and '-' only, with '/' between folders",
  )
  .refine((name) => !TAKEN_NAMES.has(name), "is a name of the console's own");

export const promptLabel = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    "must have small letters, digits, '.', '_' and '-' only, and begin with a letter or digit",
  )
  .refine((label) => label !== LATEST, "must not be 'latest', which is always the newest version");

export const promptVersionNumber = z.int().min(1).max(2_147_483_647);

const value = z.union([z.string().max(10_000), z.number(), z.boolean()]);

const promptVariable = z
  .strictObject({
    name: z
      .string()
      .regex(
        VARIABLE_NAME,
        "must have up to 64 letters, digits and underscores, and not begin with a digit",
      ),
    type: z.enum(VARIABLE_TYPES).default("string"),
    required: z.boolean().default(true),
    default: value.nullable().default(null),
    description: z.string().max(500).nullable().default(null),
  })
  .refine((variable) => variable.default === null || isOfType(variable.type, variable.default), {
    path: ["default"],
    message: "must be of the variable's own type",
  });

const promptMessage = z.strictObject({
  role: z.enum(PROMPT_ROLES),
  content: z
    .string()
    .min(1, "must not be empty")
    .max(MAX_MESSAGE_CHARACTERS, `must have at most ${MAX_MESSAGE_CHARACTERS} characters`)
    .superRefine((content, context) => {
      for (const { message, line, column } of parseTemplate(content).problems) {
        const place = `line ${line}, column ${column}`;
        context.addIssue({ code: "custom", message: `has a mistake at ${place}: ${message}` });
      }
    })
    .meta({ description: "Text with `{{variable}}` in it. `\\{{` stands for the braces." }),
});

export const promptMessages = z
  .array(promptMessage)
  .min(1)
  .max(MAX_MESSAGES)
  .refine(
    (messages) =>
      messages.reduce((sum, { content }) => sum + content.length, 0) <= MAX_TEMPLATE_CHARACTERS,
    `must have at most ${MAX_TEMPLATE_CHARACTERS} characters in all`,
  );

export const promptVariables = z
  .array(promptVariable)
  .max(MAX_VARIABLES)
  .superRefine((variables, context) => {
    for (const [at, { name }] of variables.entries()) {
      if (variables.findIndex((other) => other.name === name) < at) {
        context.addIssue({ code: "custom", path: [at, "name"], message: "is there twice" });
      }
    }
  })
  .meta({
    description:
      "What the messages can be given. A variable that is used and not listed is a required string.",
  });

/** Values by the names of variables; their types are the prompt's to judge. */
export const promptValues = z.record(z.string().max(64), z.unknown());

/** `conduit_prompt` of a request: which prompt, which version of it, and what to fill in. */
export const promptReference = z
  .strictObject({
    name: z.string().min(1).max(200),
    version: promptVersionNumber.optional(),
    label: z.string().min(1).max(64).optional().meta({
      description: "Left out with `version`: `production`, and where there is none the newest.",
    }),
    variables: promptValues.optional(),
  })
  .refine((reference) => reference.version === undefined || reference.label === undefined, {
    path: ["label"],
    message: "cannot stand beside 'version': give one of them",
  })
  .meta({ id: "PromptReference" });
