import { errorOfIssues } from "#lib/contract/issues.ts";
import {
  DEFAULT_MODERATION_MODEL,
  type ModerationsRequest,
  moderationsRequest,
} from "#lib/contract/moderations.ts";
import type { Endpoint } from "./endpoint.ts";
import { assertLengths } from "./lengths.ts";

/** `POST /v1/moderations`. */
export const moderations: Endpoint = {
  name: "moderations",
  path: "/moderations",
  parse(body) {
    assertLengths(body);
    const checked = moderationsRequest.safeParse(body);
    if (!checked.success) {
      throw errorOfIssues(checked.error, body);
    }
    // The official SDKs leave the model out, which the API's reference gives this meaning. The
    // schema has accepted the rest; the original is kept so that unknown fields survive.
    return (
      body["model"] === undefined ? { ...body, model: DEFAULT_MODERATION_MODEL } : body
    ) as ModerationsRequest;
  },
  isStream() {
    return false;
  },
};
