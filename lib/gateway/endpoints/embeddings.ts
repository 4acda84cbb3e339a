import { type EmbeddingsRequest, embeddingsRequest } from "#lib/contract/embeddings.ts";
import { errorOfIssues } from "#lib/contract/issues.ts";
import type { Endpoint } from "./endpoint.ts";

/** `POST /v1/embeddings`. */
export const embeddings: Endpoint = {
  name: "embeddings",
  path: "/embeddings",
  parse(body) {
    const checked = embeddingsRequest.safeParse(body);
    if (!checked.success) {
      throw errorOfIssues(checked.error, body);
    }
    // The schema has accepted it; the original is kept so that unknown fields survive.
    return body as EmbeddingsRequest;
  },
  isStream() {
    return false;
  },
};
