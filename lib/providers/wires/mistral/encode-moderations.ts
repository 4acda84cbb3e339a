import type { ModerationsRequest } from "#lib/contract/moderations.ts";
import { ConduitError } from "#lib/errors.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";

/**
 * A moderations request: the API takes strings alone, and judges each of a list by itself. OpenAI
 * judges parts together, so one part of text is a string, and more than one is refused.
 */
export function encodeModerations(
  request: ModerationsRequest,
  { deployment, provider }: EncodeContext,
): EncodedRequest {
  const input = textsOf(request.input, provider.label);
  const body = { ...request, model: deployment.modelName, input };
  const path = provider.paths?.moderations ?? "/moderations";
  return { path, body, adjusted: [], emulation: {} };
}

function textsOf(input: ModerationsRequest["input"], label: string): string | string[] {
  if (typeof input === "string") {
    return input;
  }
  const texts = input.filter((part) => typeof part === "string");
  if (texts.length === input.length) {
    return texts;
  }
  const [only] = input;
  if (input.length === 1 && typeof only === "object" && only.type === "text") {
    return only.text;
  }
  throw new ConduitError("unsupported_content", {
    message: `${label} judges texts one by one, and no pictures or several parts together.`,
    param: "input",
  });
}
