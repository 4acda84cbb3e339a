import { toldUsage, usageOfChat } from "#lib/contract/usage.ts";
import { ConduitError } from "#lib/errors.ts";
import type { DecodeContext, DecodedAnswer } from "#lib/providers/wire.ts";
import { errorOfEvent } from "./error-reply.ts";
import { isRecord } from "./tool-arguments.ts";

type Fields = Record<string, unknown>;

/**
 * Verdicts on texts in OpenAI's format, filled in where a provider leaves something out; `untouched`
 * when nothing was. Throws as `decodeChatAnswer` does, also for a result that has no categories.
 */
export function decodeModerationsAnswer(parsed: unknown, context: DecodeContext): DecodedAnswer {
  const body = isRecord(parsed) ? parsed : {};
  const results = body["results"];
  if (!Array.isArray(results) || !results.every(isResult)) {
    throw notVerdicts(parsed, body);
  }
  let changed = fill(body, "id", `modr-${context.requestId}`);
  changed = fill(body, "model", context.deployment.modelName) || changed;
  for (const result of results) {
    changed = fill(result, "flagged", isFlagged(result["categories"])) || changed;
  }
  const told = isRecord(body["usage"]) ? body["usage"] : {};
  const usage = toldUsage(usageOfChat({ ...told, completion_tokens: 0 }));
  return { body, untouched: !changed, ...(usage === undefined ? {} : { usage }) };
}

function isResult(result: unknown): result is Fields {
  return isRecord(result) && isRecord(result["categories"]) && isRecord(result["category_scores"]);
}

function isFlagged(categories: unknown): boolean {
  return isRecord(categories) && Object.values(categories).includes(true);
}

function fill(fields: Fields, name: string, value: unknown): boolean {
  if (fields[name] !== undefined && fields[name] !== null) {
    return false;
  }
  fields[name] = value;
  return true;
}

function notVerdicts(parsed: unknown, body: Fields): ConduitError {
  if (body["error"] || body["object"] === "error" || Array.isArray(body["detail"])) {
    return errorOfEvent(parsed);
  }
  return new ConduitError("upstream_malformed", {
    message: "The provider's answer holds no moderation results.",
    upstream: { kind: "protocol" },
  });
}
