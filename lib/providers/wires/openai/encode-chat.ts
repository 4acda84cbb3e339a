import type { Quirks } from "#lib/catalog/providers.ts";
import type { ChatRequest } from "#lib/contract/chat.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { jsonInstruction } from "#lib/providers/codec/json-schema.ts";
import { withSystemText } from "#lib/providers/codec/system-text.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";
import { settleFields } from "./fields.ts";
import { settleMessages } from "./messages.ts";
import { applyModelRules } from "./model-rules.ts";
import { pathOf } from "./path.ts";
import { settleTools } from "./tools.ts";

/** What the steps of one encoding share. */
export interface Encoding {
  /** A shallow copy of the request, on its way to become the upstream's body. */
  body: ChatRequest;
  quirks: Quirks;
  adjust: Adjustments;
  /** The provider's name, for refusals. */
  label: string;
}

/**
 * A chat request for an OpenAI-like provider: the client's own, unknown fields included, with the
 * upstream's model name, and changed only where the provider's quirks say so.
 */
export function encodeChat(request: ChatRequest, context: EncodeContext): EncodedRequest {
  const { deployment, provider } = context;
  const quirks: Quirks = provider.quirks ?? {};
  const adjust = new Adjustments(deployment);
  const body: ChatRequest = { ...request, model: deployment.modelName };
  const encoding: Encoding = { body, quirks, adjust, label: provider.label };
  settleMessages(encoding);
  settleTools(encoding);
  settleEffort(encoding);
  if (quirks.openaiModelRules === true) {
    applyModelRules(encoding, String(deployment.settings["base_model"] ?? deployment.modelName));
  }
  settleFields(encoding);
  settleFormat(encoding);
  settleStream(encoding);
  const path = pathOf(context, "chat");
  return { path, body, adjusted: adjust.list(), emulation: {} };
}

function settleEffort({ body, quirks, adjust }: Encoding): void {
  const effort = body.reasoning_effort;
  const known = quirks.reasoningEffort;
  if (known === undefined || !isGiven(effort) || !Object.hasOwn(known, effort)) {
    return;
  }
  const value = known[effort];
  adjust.report("reasoning_effort");
  if (isGiven(value)) {
    body.reasoning_effort = value;
  } else {
    delete body.reasoning_effort;
  }
}

function settleFormat({ body, quirks, adjust }: Encoding): void {
  if (quirks.jsonSchema !== "prompt" || body.response_format?.type !== "json_schema") {
    return;
  }
  adjust.report("response_format");
  body.messages = withSystemText(body.messages, jsonInstruction(body.response_format));
  body.response_format = { type: "json_object" };
}

/** Usage is always asked for: without it nothing could be billed. `respond` hides it again. */
function settleStream({ body, quirks, adjust }: Encoding): void {
  if (body.stream !== true) {
    return;
  }
  if (quirks.streamUsage === "flag") {
    body.stream_options = { ...body.stream_options, include_usage: true };
  } else if (quirks.streamUsage === "always" && body.stream_options !== undefined) {
    delete body.stream_options;
    adjust.report("stream_options");
  }
}
