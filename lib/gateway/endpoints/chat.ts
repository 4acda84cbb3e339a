import { type ChatRequest, chatRequest } from "#lib/contract/chat.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";
import { errorOfIssues } from "#lib/contract/issues.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { assertLengths } from "./lengths.ts";

/** `POST /v1/chat/completions`. */
export const chat: Endpoint = {
  name: "chat",
  path: "/chat/completions",
  parse(body) {
    assertLengths(body);
    const checked = chatRequest.safeParse(body);
    if (!checked.success) {
      throw errorOfIssues(checked.error, body);
    }
    // The schema has accepted it; the original is kept so that unknown fields and order survive.
    const request = body as ChatRequest;
    if (request.stream_options != null && request.stream !== true) {
      throw new ConduitError("invalid_value", {
        message: "'stream_options' is only allowed when 'stream' is true.",
        param: "stream_options",
      });
    }
    return request;
  },
  isStream(request: InferenceRequest): boolean {
    return "stream" in request && request["stream"] === true;
  },
};
