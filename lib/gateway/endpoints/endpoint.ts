import type { EndpointName } from "#lib/contract/answer.ts";
import type { InferenceRequest } from "#lib/contract/inference-request.ts";

/** What an inference endpoint does differently from the others. */
export interface Endpoint {
  name: EndpointName;
  /** The path below `/v1`. */
  path: string;
  /**
   * The request in the inner language, checked. The object that comes back is the one that was
   * given: unknown fields stay, and nothing is copied.
   */
  parse(body: Record<string, unknown>): InferenceRequest;
  isStream(request: InferenceRequest): boolean;
}
