import type { EmbeddingsRequest } from "#lib/contract/embeddings.ts";
import { ConduitError } from "#lib/errors.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { isTokenInput } from "#lib/providers/codec/embeddings-answer.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";

const OPENAI_FIELDS = new Set(["model", "input", "encoding_format", "dimensions", "user"]);

/** An embeddings request; vectors come as numbers, and `decode` encodes them when asked. */
export function encodeEmbeddings(
  request: EmbeddingsRequest,
  { deployment, provider }: EncodeContext,
): EncodedRequest {
  const adjust = new Adjustments(deployment);
  if (isTokenInput(request.input)) {
    throw new ConduitError("unsupported_value", {
      message: `${provider.label} takes text, not token numbers.`,
      param: "input",
    });
  }
  const body: Record<string, unknown> = { model: deployment.modelName, input: request.input };
  for (const name of ["encoding_format", "user"]) {
    if (isGiven(request[name])) {
      adjust.report(name);
    }
  }
  if (isGiven(request.dimensions)) {
    adjust.report("dimensions");
    body["output_dimension"] = request.dimensions;
  }
  for (const [name, value] of Object.entries(request)) {
    if (!OPENAI_FIELDS.has(name) && isGiven(value)) {
      body[name] = value;
    }
  }
  const path = provider.paths?.embeddings ?? "/embeddings";
  return { path, body, adjusted: adjust.list(), emulation: {} };
}
