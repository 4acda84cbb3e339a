import { type EmbeddingsRequest, embeddingsRequest } from "#lib/contract/embeddings.ts";
import { errorOfIssues } from "#lib/contract/issues.ts";
import { ConduitError } from "#lib/errors.ts";
import type { Endpoint } from "./endpoint.ts";

/** The schema judges this many elements of `input`; it describes each one that it dislikes. */
const SAMPLE = 1000;

/**
 * The body with a long `input` cut to its beginning, once every element is known to be like the
 * first: a list of token ids may have hundreds of thousands. Throws `invalid_type` for a mixed list.
 */
function sampleOf(body: Record<string, unknown>): Record<string, unknown> {
  const { input } = body;
  if (!Array.isArray(input) || input.length <= SAMPLE) {
    return body;
  }
  const kind = kindOf(input[0]);
  const odd = input.findIndex((item) => kindOf(item) !== kind);
  if (odd !== -1 || kind === "other") {
    throw new ConduitError("invalid_type", {
      message: "'input' has to be a list of strings, of token ids, or of lists of token ids.",
      param: `input[${Math.max(odd, 0)}]`,
    });
  }
  return { ...body, input: input.slice(0, SAMPLE) };
}

function kindOf(item: unknown): "text" | "token" | "tokens" | "other" {
  if (typeof item === "string" && item !== "") {
    return "text";
  }
  if (isToken(item)) {
    return "token";
  }
  return Array.isArray(item) && item.length > 0 && item.every(isToken) ? "tokens" : "other";
}

function isToken(item: unknown): boolean {
  return typeof item === "number" && Number.isInteger(item) && item >= 0;
}

/** `POST /v1/embeddings`. */
export const embeddings: Endpoint = {
  name: "embeddings",
  path: "/embeddings",
  parse(body) {
    const sample = sampleOf(body);
    const checked = embeddingsRequest.safeParse(sample);
    if (!checked.success) {
      throw errorOfIssues(checked.error, sample);
    }
    // The schema has accepted it; the original is kept so that unknown fields survive.
    return body as EmbeddingsRequest;
  },
  isStream() {
    return false;
  },
};
