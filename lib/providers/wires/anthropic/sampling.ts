import type { ChatRequest } from "#lib/contract/chat.ts";
import { type Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import type { ClaudeModel } from "./models.ts";

interface SamplingOptions {
  model: ClaudeModel;
  adjust: Adjustments;
  /** Thinking fixes the sampling on every model. */
  isThinking: boolean;
}

/** Below this, models with fixed sampling refuse `top_p`. */
const FIXED_TOP_P = 0.99;

/**
 * `temperature`, `top_p` and the extension `top_k`. Values that the model refuses are refused here
 * by name and never bent; a value that says the same as its absence is left out where it could not
 * be sent.
 */
export function samplingFields(
  request: ChatRequest,
  options: SamplingOptions,
): Record<string, unknown> {
  const { model } = options;
  const isFixed = options.isThinking || model.sampling === "fixed";
  const fields: Record<string, unknown> = {
    ...temperatureField(request, options, isFixed),
    ...topPField(request, options, isFixed),
    ...topKField(request, options, isFixed),
  };
  if (model.sampling !== "free" && "temperature" in fields && "top_p" in fields) {
    keepOne(fields, options.adjust);
  }
  return fields;
}

function temperatureField(
  request: ChatRequest,
  { adjust, isThinking }: SamplingOptions,
  isFixed: boolean,
): Record<string, unknown> {
  const { temperature } = request;
  if (!isGiven(temperature)) {
    return {};
  }
  if (temperature < 0 || temperature > 1) {
    adjust.refuse(
      "temperature",
      `Anthropic's models take a temperature from 0 to 1, not ${temperature}.`,
      "unsupported_value",
    );
    return {};
  }
  if (isFixed && temperature !== 1) {
    adjust.refuse("temperature", fixedMessage("temperature", isThinking), "unsupported_value");
    return {};
  }
  return { temperature };
}

function topPField(
  request: ChatRequest,
  { adjust, isThinking }: SamplingOptions,
  isFixed: boolean,
): Record<string, unknown> {
  const { top_p: topP } = request;
  if (!isGiven(topP)) {
    return {};
  }
  if (isFixed && topP < FIXED_TOP_P) {
    adjust.refuse("top_p", fixedMessage("top_p", isThinking), "unsupported_value");
    return {};
  }
  return { top_p: topP };
}

function topKField(
  request: ChatRequest,
  { adjust, isThinking }: SamplingOptions,
  isFixed: boolean,
): Record<string, unknown> {
  const topK = request["top_k"];
  if (!isGiven(topK)) {
    return {};
  }
  if (isFixed) {
    adjust.refuse("top_k", fixedMessage("top_k", isThinking), "unsupported_value");
    return {};
  }
  return { top_k: topK };
}

function fixedMessage(field: string, isThinking: boolean): string {
  return isThinking
    ? `'${field}' cannot be set while the model thinks; leave out 'reasoning_effort' or '${field}'.`
    : `'${field}' can no longer be set for this model.`;
}

/** Both fields at once are refused by newer models; a 1 says nothing, so that one can go. */
function keepOne(fields: Record<string, unknown>, adjust: Adjustments): void {
  if (fields["top_p"] !== 1 && fields["temperature"] === 1) {
    adjust.report("temperature");
    delete fields["temperature"];
    return;
  }
  if (fields["top_p"] !== 1) {
    adjust.refuse(
      "top_p",
      "This model takes 'temperature' or 'top_p', not both.",
      "unsupported_value",
    );
  }
  adjust.report("top_p");
  delete fields["top_p"];
}
