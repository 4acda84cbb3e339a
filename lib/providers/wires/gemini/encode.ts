import type { ChatRequest } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import {
  CONTRACT_FIELDS,
  extensionsOf,
  leaveOutHints,
  passExtensions,
  refuseContract,
} from "#lib/providers/codec/field-classes.ts";
import { type Conversation, takeTurns } from "#lib/providers/codec/turns.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";
import { type Content, contentsOf } from "./contents.ts";
import { type FormatPlan, planFormat } from "./format.ts";
import { generationFields } from "./generation.ts";
import { type GeminiModel, geminiModel } from "./models.ts";
import { type Part, partsFor } from "./parts.ts";
import { toolFields } from "./tools.ts";

/** Hints of OpenAI's format that Gemini has no field for. */
const HINTS = [
  "metadata",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "safety_identifier",
  "store",
  "user",
  "verbosity",
] as const;

/** Contract fields that Gemini does serve, or that `generation.ts` judges by its own rules. */
const SERVED: ReadonlySet<string> = new Set([
  "frequency_penalty",
  "logprobs",
  "modalities",
  "n",
  "presence_penalty",
  "top_logprobs",
]);
const REFUSED = Object.fromEntries(
  Object.entries(CONTRACT_FIELDS).filter(([name]) => !SERVED.has(name)),
);

/** Gemini's own fields by the names under which callers may send them. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ["cached_content", "cachedContent"],
  ["cachedContent", "cachedContent"],
  ["safety_settings", "safetySettings"],
  ["safetySettings", "safetySettings"],
  ["labels", "labels"],
]);
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set(EXTENSIONS.values());
/** Extensions that end up inside `generationConfig`. */
const CONFIG_EXTENSIONS: ReadonlySet<string> = new Set([
  "generationConfig",
  "generation_config",
  "top_k",
]);

const SERVICE_TIERS: ReadonlyMap<string, string> = new Map([
  ["default", "standard"],
  ["flex", "flex"],
  ["priority", "priority"],
]);

/**
 * A chat request in the form of Gemini's `generateContent`. Throws
 * `unsupported_parameter`, `unsupported_value` or `unsupported_content` naming the field that Gemini
 * cannot serve, and `invalid_value` for a conversation that no provider takes.
 */
export function encodeChat(request: ChatRequest, context: EncodeContext): EncodedRequest {
  const adjust = new Adjustments(context.deployment);
  refuseContract(request, REFUSED, { adjust, label: context.provider.label });
  leaveOutHints(request, HINTS, adjust);
  const conversation = takeTurns(request, adjust);
  const model = geminiModel(context.deployment.modelName);
  const format = planFormat(request, { model, adjust });
  const contents = contentsOf(conversation, { adjust, carried: context.carried, model });
  const config = generationFields(request, { model, adjust, format });
  const body: Record<string, unknown> = {
    ...systemField(contents, { conversation, format, model, adjust }),
    contents,
    ...toolFields(request, { model, adjust, format }),
    ...(Object.keys(config).length === 0 ? {} : { generationConfig: config }),
    ...tierField(request, adjust),
  };
  passExtensions(body, renamedExtensions(request), {
    known: KNOWN_EXTENSIONS,
    allowDropping: context.deployment.allowDroppingUnsupportedFields,
    adjust,
  });
  return {
    path: pathOf(context.deployment.modelName, request.stream === true),
    body,
    adjusted: adjust.list(),
    emulation: format.kind === "tool" ? { jsonTool: format.tool.name } : {},
  };
}

function pathOf(modelName: string, isStream: boolean): string {
  return `${modelPath(modelName)}:${isStream ? "streamGenerateContent?alt=sse" : "generateContent"}`;
}

/** Ids with a folder, as `tunedModels/x`, are whole already. */
export function modelPath(modelName: string): string {
  const name = modelName.split("/").map(encodeURIComponent).join("/");
  return modelName.includes("/") ? `/${name}` : `/models/${name}`;
}

/**
 * System text in its own field; for models without one, at the beginning of the first user message.
 */
function systemField(
  contents: Content[],
  options: {
    conversation: Conversation;
    format: FormatPlan;
    model: GeminiModel;
    adjust: Adjustments;
  },
): Record<string, unknown> {
  const parts: Part[] = partsFor(options.conversation.system, options.adjust);
  if (options.format.kind === "prompt") {
    parts.push({ text: options.format.instruction });
  }
  if (parts.length === 0) {
    return {};
  }
  if (options.model.takesSystem) {
    return { systemInstruction: { parts } };
  }
  options.adjust.report("messages");
  const first = contents[0];
  if (first?.role === "user") {
    first.parts.unshift(...parts);
  } else {
    contents.unshift({ role: "user", parts });
  }
  return {};
}

function tierField(request: ChatRequest, adjust: Adjustments): Record<string, unknown> {
  if (!isGiven(request.service_tier)) {
    return {};
  }
  const tier = SERVICE_TIERS.get(request.service_tier);
  if (tier === undefined) {
    adjust.report("service_tier");
    return {};
  }
  return { serviceTier: tier };
}

function renamedExtensions(request: ChatRequest): [string, unknown][] {
  const seen = new Set<string>();
  return extensionsOf(request)
    .filter(([name]) => !CONFIG_EXTENSIONS.has(name))
    .map(([name, value]) => {
      const own = EXTENSIONS.get(name) ?? name;
      if (seen.has(own)) {
        throw new ConduitError("invalid_value", {
          message: `'${name}' is given under two names.`,
          param: name,
        });
      }
      seen.add(own);
      return [own, value];
    });
}
