import type { ChatRequest } from "#lib/contract/chat.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import {
  askedMaxTokens,
  CONTRACT_FIELDS,
  extensionsOf,
  leaveOutHints,
  passExtensions,
  refuseContract,
} from "#lib/providers/codec/field-classes.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import { forcesTool } from "#lib/providers/codec/tool-choice.ts";
import { type Conversation, takeTurns } from "#lib/providers/codec/turns.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";
import type { Block } from "./content.ts";
import { isThinkingLost } from "./earlier-thinking.ts";
import { type FormatPlan, planFormat } from "./format.ts";
import { type Message, messagesOf, settleEnding, systemBlocks } from "./messages.ts";
import { type ClaudeModel, claudeModel } from "./models.ts";
import { samplingFields } from "./sampling.ts";
import { planThinking, type ThinkingPlan, wantsThinking } from "./thinking.ts";
import { planTools } from "./tools.ts";

/** Hints of OpenAI's format that Anthropic has no field for. */
const HINTS = [
  "metadata",
  "prediction",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "seed",
  "store",
  "verbosity",
] as const;

/** Anthropic's own request fields, which callers may send as extensions. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  "cache_control",
  "container",
  "context_management",
  "fallbacks",
  "inference_geo",
  "mcp_servers",
  "output_config",
  "speed",
  "thinking",
  "top_k",
]);

const SERVICE_TIERS: ReadonlyMap<string, string> = new Map([
  ["auto", "auto"],
  ["default", "standard_only"],
  ["standard_only", "standard_only"],
]);
const MAX_USER_ID_LENGTH = 256;

/** Everything that the steps of one encoding share. */
interface Draft {
  request: ChatRequest;
  model: ClaudeModel;
  adjust: Adjustments;
  context: EncodeContext;
  conversation: Conversation;
}

/**
 * A chat request in the form of Anthropic's Messages API. Throws
 * `unsupported_parameter`, `unsupported_value` or `unsupported_content` naming the field that
 * Anthropic cannot serve, and `invalid_value` for a conversation that no provider takes.
 */
export function encodeChat(request: ChatRequest, context: EncodeContext): EncodedRequest {
  const adjust = new Adjustments(context.deployment);
  refuseContract(request, CONTRACT_FIELDS, { adjust, label: context.provider.label });
  leaveOutHints(request, HINTS, adjust);
  const conversation = takeTurns(request, adjust);
  const model = claudeModel(context.deployment.modelName);
  const draft: Draft = { request, model, adjust, context, conversation };

  const format = planFormat(request, { model, adjust, canForceTool: !hasThinkingBudget(draft) });
  const thinking = planThinking(request, { model, adjust, forbidden: isThinkingForbidden(draft) });
  const tools = planTools(request, { model, adjust, conversation, format });
  const body: Record<string, unknown> = {
    model: context.deployment.modelName,
    max_tokens: maxTokens(draft, thinking),
    ...systemField(draft, format),
    messages: messages(draft, thinking),
    ...(tools.tools.length > 0 ? { tools: tools.tools } : {}),
    ...(tools.choice === undefined ? {} : { tool_choice: tools.choice }),
    ...samplingFields(request, { model, adjust, isThinking: thinking.isOn }),
    ...stopField(request, adjust),
    ...thinkingFields(request, thinking, format),
    ...userField(request, adjust),
    ...tierField(request, adjust),
    ...(request.stream === true ? { stream: true } : {}),
  };
  passExtensions(body, remainingExtensions(request), {
    known: KNOWN_EXTENSIONS,
    allowDropping: context.deployment.allowDroppingUnsupportedFields,
    adjust,
  });
  return {
    path: "/messages",
    body,
    ...betaHeader(context),
    adjusted: adjust.list(),
    emulation: tools.jsonTool === undefined ? {} : { jsonTool: tools.jsonTool },
  };
}

/** Whether this turn would think under a budget, which excludes a forced tool. */
function hasThinkingBudget({ request, model, conversation, context }: Draft): boolean {
  if (isThinkingLost(conversation, { carried: context.carried, takesNone: false })) {
    return false;
  }
  return wantsThinking(request, model) && isBudgeted(request, model);
}

function isBudgeted(request: ChatRequest, model: ClaudeModel): boolean {
  const own = request["thinking"];
  return isRecord(own) ? own["type"] === "enabled" : model.thinking === "budget";
}

/** Anthropic refuses to think without the thoughts so far, and under a budget beside a forced tool. */
function isThinkingForbidden({ request, model, conversation, context }: Draft): boolean {
  const budgeted = isBudgeted(request, model);
  const lost = isThinkingLost(conversation, { carried: context.carried, takesNone: !budgeted });
  return lost || (budgeted && forcesTool(request.tool_choice));
}

/** `max_tokens`, which Anthropic demands; raised by the thinking budget, which counts towards it. */
function maxTokens({ request, model, adjust, context }: Draft, thinking: ThinkingPlan): number {
  const asked = askedMaxTokens(request, adjust);
  if (asked === undefined) {
    adjust.report("max_tokens");
    const configured = context.deployment.settings["default_max_tokens"];
    const base = typeof configured === "number" ? configured : model.maxOutput;
    return Math.min(base + thinking.budgetTokens, Math.max(base, model.maxOutput));
  }
  if (thinking.budgetTokens === 0) {
    return asked;
  }
  adjust.report(isGiven(request.max_completion_tokens) ? "max_completion_tokens" : "max_tokens");
  return Math.max(asked, Math.min(asked + thinking.budgetTokens, model.maxOutput));
}

function systemField({ adjust, conversation }: Draft, format: FormatPlan): Block {
  const blocks = systemBlocks(conversation.system, adjust) ?? [];
  if (format.kind === "prompt") {
    blocks.push({ type: "text", text: format.instruction });
  }
  return blocks.length === 0 ? {} : { system: blocks };
}

function messages(draft: Draft, thinking: ThinkingPlan): Message[] {
  const { model, adjust, context, conversation } = draft;
  const written = messagesOf(conversation, {
    adjust,
    carried: context.carried,
    withThinking: model.thinking !== "none",
  });
  settleEnding(written, { takesPrefill: model.takesPrefill && !thinking.isOn, adjust });
  return written;
}

function stopField(request: ChatRequest, adjust: Adjustments): Block {
  if (!isGiven(request.stop)) {
    return {};
  }
  const sequences = typeof request.stop === "string" ? [request.stop] : request.stop;
  const visible = sequences.filter((sequence) => sequence.trim() !== "");
  if (visible.length < sequences.length) {
    adjust.refuse(
      "stop",
      "Anthropic's models cannot stop at white space alone.",
      "unsupported_value",
    );
  }
  return visible.length === 0 ? {} : { stop_sequences: visible };
}

function thinkingFields(request: ChatRequest, plan: ThinkingPlan, format: FormatPlan): Block {
  const own = request["output_config"];
  const config: Block = {
    ...(isRecord(own) ? own : {}),
    ...(plan.effort === undefined ? {} : { effort: plan.effort }),
    ...(format.kind === "native" ? { format: format.format } : {}),
  };
  return {
    ...(plan.thinking === undefined ? {} : { thinking: plan.thinking }),
    ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
  };
}

function userField(request: ChatRequest, adjust: Adjustments): Block {
  const id = request.safety_identifier ?? request.user;
  if (isGiven(request.safety_identifier) && isGiven(request.user)) {
    adjust.report("user");
  }
  if (!isGiven(id) || id === "") {
    return {};
  }
  if (id.length > MAX_USER_ID_LENGTH) {
    adjust.report(isGiven(request.safety_identifier) ? "safety_identifier" : "user");
    return {};
  }
  return { metadata: { user_id: id } };
}

function tierField(request: ChatRequest, adjust: Adjustments): Block {
  if (!isGiven(request.service_tier)) {
    return {};
  }
  const tier = SERVICE_TIERS.get(request.service_tier);
  if (tier === undefined) {
    adjust.report("service_tier");
    return {};
  }
  return { service_tier: tier };
}

/** The extensions that no step has taken up yet. */
function remainingExtensions(request: ChatRequest): [string, unknown][] {
  return extensionsOf(request).filter(
    ([name, value]) =>
      name !== "top_k" && !((name === "thinking" || name === "output_config") && isRecord(value)),
  );
}

/** Features in beta are the operator's choice, so they stand in the deployment and not in requests. */
function betaHeader(context: EncodeContext): { headers?: Record<string, string> } {
  const beta = context.deployment.settings["anthropic_beta"];
  return typeof beta === "string" && beta !== "" ? { headers: { "anthropic-beta": beta } } : {};
}
