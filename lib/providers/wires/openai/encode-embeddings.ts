import type { EmbeddingsRequest } from "#lib/contract/embeddings.ts";
import { ConduitError } from "#lib/errors.ts";
import { Adjustments, isGiven } from "#lib/providers/codec/adjust.ts";
import { isTokenInput } from "#lib/providers/codec/embeddings-answer.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";
import { pathOf } from "./path.ts";

/** An embeddings request for an OpenAI-like provider, changed only where its quirks say so. */
export function encodeEmbeddings(
  request: EmbeddingsRequest,
  context: EncodeContext,
): EncodedRequest {
  const { deployment, provider } = context;
  const quirks = provider.quirks ?? {};
  const adjust = new Adjustments(deployment);
  const body: EmbeddingsRequest = { ...request, model: deployment.modelName };
  if (quirks.textEmbeddings === true && isTokenInput(request.input)) {
    throw new ConduitError("unsupported_value", {
      message: `${provider.label} takes text, not token numbers.`,
      param: "input",
    });
  }
  if (quirks.floatVectors === true && isGiven(body.encoding_format)) {
    adjust.report("encoding_format");
    delete body.encoding_format;
  }
  for (const name of quirks.drop ?? []) {
    if (isGiven(body[name])) {
      adjust.report(name);
    }
    delete body[name];
  }
  const path = pathOf(context, "embeddings");
  return { path, body, adjusted: adjust.list(), emulation: {} };
}
