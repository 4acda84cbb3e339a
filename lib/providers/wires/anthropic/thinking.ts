import type { ChatRequest } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { type Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { isRecord } from "#lib/providers/codec/tool-arguments.ts";
import type { ClaudeModel } from "./models.ts";

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
type Effort = (typeof EFFORTS)[number];

/** Shares of the model's longest answer, never below the smallest budget that is taken. */
const BUDGET_SHARE: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 0.02,
  low: 0.1,
  medium: 0.3,
  high: 0.6,
  xhigh: 0.9,
  max: 0.9,
};
const MIN_BUDGET_TOKENS = 1024;

/** What is asked of the model's thinking. */
export interface ThinkingPlan {
  /** Whether it may think because it was told to; its sampling is then fixed. */
  isOn: boolean;
  /** The `thinking` field; absent when the model is left to its default. */
  thinking?: Record<string, unknown>;
  /** `output_config.effort`. */
  effort?: string;
  /** Tokens to be added to `max_tokens`, which has to exceed the budget. */
  budgetTokens: number;
}

const SILENT: ThinkingPlan = { isOn: false, budgetTokens: 0 };

/** Whether the caller asks for thinking, by OpenAI's field or by Anthropic's own. */
export function wantsThinking(request: ChatRequest, model: ClaudeModel): boolean {
  const own = request["thinking"];
  if (isRecord(own)) {
    return own["type"] === "enabled" || own["type"] === "adaptive";
  }
  const effort = effortOf(request);
  return model.thinking !== "none" && effort !== undefined && effort !== "none";
}

/**
 * `reasoning_effort` in the form of the model's generation. The caller's own `thinking` comes first
 * and passes untouched. `forbidden` says that this turn cannot have thinking, which is then turned
 * off and reported. Throws `unsupported_value` for an effort that nobody knows.
 */
export function planThinking(
  request: ChatRequest,
  options: { model: ClaudeModel; adjust: Adjustments; forbidden: boolean },
): ThinkingPlan {
  const { model, adjust, forbidden } = options;
  const effort = effortOf(request);
  if (isRecord(request["thinking"])) {
    return ownThinking(request, options);
  }
  if (effort === undefined) {
    return SILENT;
  }
  if (model.thinking === "none") {
    if (effort !== "none") {
      adjust.report("reasoning_effort");
    }
    return SILENT;
  }
  if (effort === "none" || forbidden) {
    if (forbidden && effort !== "none") {
      adjust.report("reasoning_effort");
    }
    return { isOn: false, thinking: { type: "disabled" }, budgetTokens: 0 };
  }
  return model.thinking === "adaptive"
    ? adaptive(effort, model, adjust)
    : budgeted(effort, model, adjust);
}

function ownThinking(
  request: ChatRequest,
  options: { model: ClaudeModel; adjust: Adjustments; forbidden: boolean },
): ThinkingPlan {
  const { model, adjust, forbidden } = options;
  if (isGiven(request.reasoning_effort)) {
    adjust.report("reasoning_effort");
  }
  if (forbidden && wantsThinking(request, model)) {
    adjust.report("thinking");
    return { isOn: false, thinking: { type: "disabled" }, budgetTokens: 0 };
  }
  // The schema has no such field, and `isRecord` has seen that it is an object.
  const thinking = request["thinking"] as Record<string, unknown>;
  return { isOn: wantsThinking(request, model), thinking, budgetTokens: 0 };
}

function adaptive(effort: Effort, model: ClaudeModel, adjust: Adjustments): ThinkingPlan {
  const level = levelOf(effort, model);
  if (level !== effort) {
    adjust.report("reasoning_effort");
  }
  return { isOn: true, thinking: { type: "adaptive" }, effort: level, budgetTokens: 0 };
}

function levelOf(effort: Effort, model: ClaudeModel): Effort {
  if (effort === "minimal") {
    return "low";
  }
  return effort === "xhigh" && !model.knowsXhigh ? "max" : effort;
}

function budgeted(effort: Effort, model: ClaudeModel, adjust: Adjustments): ThinkingPlan {
  adjust.report("reasoning_effort");
  const share = Math.floor(model.maxOutput * BUDGET_SHARE[effort]);
  const budgetTokens = Math.max(MIN_BUDGET_TOKENS, share);
  return {
    isOn: true,
    thinking: { type: "enabled", budget_tokens: budgetTokens },
    budgetTokens,
  };
}

function effortOf(request: ChatRequest): Effort | undefined {
  if (!isGiven(request.reasoning_effort)) {
    return undefined;
  }
  const effort = EFFORTS.find((known) => known === request.reasoning_effort);
  if (effort === undefined) {
    throw new ConduitError("unsupported_value", {
      message: `'reasoning_effort' must be one of ${EFFORTS.join(", ")}.`,
      param: "reasoning_effort",
    });
  }
  return effort;
}
