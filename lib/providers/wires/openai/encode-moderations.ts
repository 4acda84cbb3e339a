import type { ModerationsRequest } from "#lib/contract/moderations.ts";
import type { EncodeContext, EncodedRequest } from "#lib/providers/wire.ts";
import { pathOf } from "./path.ts";

/** A moderations request for OpenAI or a server that knows its endpoint: as it came, but for the model. */
export function encodeModerations(
  request: ModerationsRequest,
  context: EncodeContext,
): EncodedRequest {
  const path = pathOf(context, "moderations");
  const body = { ...request, model: context.deployment.modelName };
  return { path, body, adjusted: [], emulation: {} };
}
