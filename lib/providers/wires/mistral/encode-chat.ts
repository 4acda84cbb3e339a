import type { ChatRequest } from "#lib/contract/chat.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import {
  CONTRACT_FIELDS,
  extensionsOf,
  leaveOutHints,
  passExtensions,
  refuseContract,
} from "#lib/providers/codec/field-classes.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";
import { encodeMessages } from "./messages.ts";
import { encodeTools } from "./tools.ts";

/** What the steps of one encoding share. */
export interface Encoding {
  request: ChatRequest;
  /** The upstream's body so far. */
  body: Record<string, unknown>;
  adjust: Adjustments;
  label: string;
}

/** Fields that mean the same and have the same name. */
const SAME = [
  "temperature",
  "top_p",
  "n",
  "stop",
  "presence_penalty",
  "frequency_penalty",
  "parallel_tool_calls",
  "prediction",
  "metadata",
] as const;

const HINTS = [
  "user",
  "safety_identifier",
  "service_tier",
  "store",
  "verbosity",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "stream_options",
] as const;

const { n, presence_penalty, frequency_penalty, ...CONTRACT } = CONTRACT_FIELDS;

/** Extensions that are the provider's own. */
const KNOWN_EXTENSIONS = new Set(["safe_prompt", "prompt_mode", "random_seed"]);

const MAX_TEMPERATURE = 1.5;
/** The models whose reasoning is asked for by a mode instead of an effort. */
const REASONS_BY_MODE = /^magistral/;

export function encodeChat(request: ChatRequest, context: EncodeContext): EncodedRequest {
  const { deployment, provider } = context;
  const adjust = new Adjustments(deployment);
  const label = provider.label;
  refuseContract(request, CONTRACT, { adjust, label });
  for (const name of Object.keys(CONTRACT)) {
    if (isGiven(request[name])) {
      adjust.report(name);
    }
  }
  leaveOutHints(request, HINTS, adjust);
  const body: Record<string, unknown> = { model: deployment.modelName };
  const encoding: Encoding = { request, body, adjust, label };
  body["messages"] = encodeMessages(encoding);
  copyFields(encoding);
  encodeLimits(encoding);
  encodeTools(encoding);
  encodeFormat(encoding);
  encodeEffort(encoding, deployment.modelName);
  passExtensions(body, extensionsOf(request), {
    known: KNOWN_EXTENSIONS,
    allowDropping: deployment.allowDroppingUnsupportedFields,
    adjust,
  });
  const path = provider.paths?.chat ?? "/chat/completions";
  return { path, body, adjusted: adjust.list(), emulation: {} };
}

function copyFields({ request, body, adjust }: Encoding): void {
  if (request.stream === true) {
    body["stream"] = true;
  }
  for (const name of SAME) {
    if (isGiven(request[name])) {
      body[name] = request[name];
    }
  }
  if (isGiven(request.temperature) && request.temperature > MAX_TEMPERATURE) {
    const message = `'temperature' must be at most ${MAX_TEMPERATURE} for this provider.`;
    adjust.refuse("temperature", message, "unsupported_value");
    delete body["temperature"];
  }
  if (request.temperature === 0 && isGiven(request.top_p) && request.top_p !== 1) {
    // Greedy sampling takes the first token whatever `top_p` says, and the two together are refused.
    delete body["top_p"];
    adjust.report("top_p");
  }
}

function encodeLimits({ request, body, adjust }: Encoding): void {
  const { max_tokens: old, max_completion_tokens: current, seed } = request;
  if (isGiven(old) && isGiven(current) && old !== current) {
    adjust.refuse(
      "max_tokens",
      "'max_tokens' and 'max_completion_tokens' mean the same and have different values.",
    );
  }
  if (isGiven(current)) {
    adjust.report("max_completion_tokens");
  }
  const most = current ?? old;
  if (isGiven(most)) {
    body["max_tokens"] = most;
  }
  if (isGiven(seed)) {
    adjust.report("seed");
    body["random_seed"] = seed;
  }
}

function encodeFormat({ request, body }: Encoding): void {
  const format = request.response_format;
  if (!isGiven(format)) {
    return;
  }
  if (format.type !== "json_schema") {
    body["response_format"] = { type: format.type };
    return;
  }
  const { name, description, schema, strict } = format.json_schema;
  body["response_format"] = {
    type: "json_schema",
    json_schema: {
      name,
      ...(description === undefined ? {} : { description }),
      schema: schema ?? { type: "object" },
      ...(isGiven(strict) ? { strict } : {}),
    },
  };
}

/** The scale has two ends here: anything but `none` is `high`. */
function encodeEffort({ request, body, adjust }: Encoding, model: string): void {
  const effort = request.reasoning_effort;
  if (!isGiven(effort)) {
    return;
  }
  if (REASONS_BY_MODE.test(model)) {
    adjust.report("reasoning_effort");
    if (effort !== "none") {
      body["prompt_mode"] = "reasoning";
    }
    return;
  }
  const known = effort === "none" ? "none" : "high";
  body["reasoning_effort"] = known;
  if (known !== effort) {
    adjust.report("reasoning_effort");
  }
}
