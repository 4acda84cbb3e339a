import { z } from "zod";
import { usdOutput } from "./amounts.ts";
import { instantOutput } from "./instants.ts";
import { listQuery } from "./paging.ts";
import {
  PROMPT_ROLES,
  promptLabel,
  promptMessages,
  promptName,
  promptValues,
  promptVariables,
  promptVersionNumber,
  VARIABLE_TYPES,
} from "./prompt-fields.ts";

/** Managed prompts: templates by name, versions that never change, and labels that move. */
const description = z.string().max(1000).nullable();

export const promptVersionCreate = z
  .strictObject({
    messages: promptMessages,
    variables: promptVariables.default([]),
    model_hint: z.string().min(1).max(256).nullable().default(null).meta({
      description: "The model that is asked when a request names none.",
    }),
    note: z.string().trim().min(1).max(500).meta({ description: "What was changed, and why." }),
    labels: z.array(promptLabel).max(20).default([]).meta({
      description: "Labels that move to this version as soon as it is saved.",
    }),
  })
  .meta({ id: "PromptVersionCreate" });
export type PromptVersionCreate = z.infer<typeof promptVersionCreate>;

export const promptCreate = promptVersionCreate
  .extend({
    name: promptName.meta({ description: "Folders are written with `/`." }),
    description: description.default(null),
    note: z.string().trim().min(1).max(500).default("First version"),
  })
  .meta({ id: "PromptCreate" });
export type PromptCreate = z.infer<typeof promptCreate>;

export const promptUpdate = z.strictObject({ description }).meta({ id: "PromptUpdate" });
export type PromptUpdate = z.infer<typeof promptUpdate>;

export const promptQuery = listQuery.extend({
  folder: promptName.optional().meta({ description: "Only prompts in this folder and below." }),
});
export type PromptQuery = z.infer<typeof promptQuery>;

const labelInfo = z.object({ label: z.string(), version: z.int(), updated_at: instantOutput });

export const promptInfo = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().nullable(),
    latest_version: z.int(),
    labels: z.array(labelInfo),
    variables: z.array(z.string()).meta({ description: "Of the newest version." }),
    model_hint: z.string().nullable().meta({ description: "Of the newest version." }),
    updated_by: z.string().nullable().meta({
      description: "Who saved the newest version; null for a key or token, or somebody removed.",
    }),
    created_at: instantOutput,
    updated_at: instantOutput,
  })
  .meta({ id: "Prompt" });
export type PromptInfo = z.infer<typeof promptInfo>;

const variableInfo = z.object({
  name: z.string(),
  type: z.enum(VARIABLE_TYPES),
  required: z.boolean(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  description: z.string().nullable(),
});

const messageInfo = z.object({ role: z.enum(PROMPT_ROLES), content: z.string() });

export const promptVersionInfo = z
  .object({
    version: z.int(),
    messages: z.array(messageInfo),
    variables: z.array(variableInfo),
    model_hint: z.string().nullable(),
    note: z.string(),
    labels: z.array(z.string()),
    created_by: z.string().nullable(),
    created_at: instantOutput,
  })
  .meta({ id: "PromptVersion" });
export type PromptVersionInfo = z.infer<typeof promptVersionInfo>;

export const promptVersionList = z.object({
  versions: z.array(promptVersionInfo),
  total: z.int(),
});
export type PromptVersionList = z.infer<typeof promptVersionList>;

export const promptLabelSet = z
  .strictObject({
    label: promptLabel,
    version: promptVersionNumber,
    expected_version: promptVersionNumber.nullable().optional().meta({
      description:
        "Where the label is believed to be, `null` for nowhere; elsewhere refuses the move with 409.",
    }),
  })
  .meta({ id: "PromptLabelSet" });
export type PromptLabelSet = z.infer<typeof promptLabelSet>;

export const promptRender = z
  .strictObject({
    version: promptVersionNumber.optional(),
    label: z.string().min(1).max(64).optional(),
    variables: promptValues.default({}),
  })
  .refine((input) => input.version === undefined || input.label === undefined, {
    path: ["label"],
    message: "cannot stand beside 'version': give one of them",
  })
  .meta({ id: "PromptRender" });
export type PromptRender = z.infer<typeof promptRender>;

const promptCost = z.object({
  model: z.string(),
  least_usd: usdOutput.nullable().meta({ description: "Null when no target has a known price." }),
  most_usd: usdOutput.nullable(),
});

export const promptRendered = z
  .object({
    messages: z.array(messageInfo),
    input_tokens: z.int().meta({ description: "Counted here; an upstream may count otherwise." }),
    costs: z.array(promptCost).meta({
      description: "What the input would cost at the targets of each alias; answers come on top.",
    }),
  })
  .meta({ id: "PromptRendered" });
export type PromptRendered = z.infer<typeof promptRendered>;

export const promptRenderAnswer = promptRendered
  .extend({ name: z.string(), version: z.int(), model_hint: z.string().nullable() })
  .meta({ id: "PromptRenderAnswer" });
export type PromptRenderAnswer = z.infer<typeof promptRenderAnswer>;

export const promptDiffQuery = z.strictObject({
  a: z.coerce.number().pipe(promptVersionNumber),
  b: z.coerce.number().pipe(promptVersionNumber),
});

export const promptDiff = z
  .object({
    name: z.string(),
    a: z.int(),
    b: z.int(),
    diff: z.string().meta({ description: "A unified diff of both versions as text." }),
  })
  .meta({ id: "PromptDiff" });
export type PromptDiff = z.infer<typeof promptDiff>;

export const promptVersionParams = z.object({
  name: z.string().min(1).max(256),
  version: z.coerce.number().pipe(promptVersionNumber),
});

export const promptLabelParams = z.object({
  name: z.string().min(1).max(256),
  label: z.string().min(1).max(64),
});
