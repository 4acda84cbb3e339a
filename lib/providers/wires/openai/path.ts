import type { EndpointName } from "#lib/contract/answer.ts";
import { ConduitError } from "#lib/errors.ts";
import type { EncodeContext } from "#lib/providers/wire.ts";

const PATHS = {
  chat: "/chat/completions",
  embeddings: "/embeddings",
  moderations: "/moderations",
} as const;

/**
 * Where an endpoint lives below the base URL, with the query that the row's quirks ask for. Throws
 * 400 for an endpoint that the provider does not have.
 */
export function pathOf({ provider, deployment }: EncodeContext, endpoint: EndpointName): string {
  if (provider.endpoints?.includes(endpoint) === false) {
    throw new ConduitError("unsupported_value", {
      message: `${provider.label} does not serve ${endpoint}.`,
      param: "model",
    });
  }
  const path = provider.paths?.[endpoint] ?? PATHS[endpoint];
  if (provider.quirks?.query === undefined) {
    return path;
  }
  const query = new URLSearchParams();
  for (const [name, setting] of Object.entries(provider.quirks.query)) {
    const value = deployment.settings[setting];
    if (value !== undefined && value !== "") {
      query.set(name, String(value));
    }
  }
  return query.size === 0 ? path : `${path}?${query}`;
}
