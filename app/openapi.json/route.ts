import { makeOpenApiDocument } from "#lib/contract/openapi.ts";
import { getEnv } from "#lib/env.ts";

export const dynamic = "force-dynamic";

/** The OpenAPI document of both APIs; public, so that any page and tool may read it. */
export function GET(): Response {
  return Response.json(makeOpenApiDocument({ basePath: getEnv().basePath }), {
    headers: { "cache-control": "no-cache", "access-control-allow-origin": "*" },
  });
}
